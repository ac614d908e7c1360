/** Compares the rebuild of read models with stock Axon running the same folds and with a bare scan of the table. */
@NullMarked
package dev.onsale.benchmarks.rebuild;

import org.jspecify.annotations.NullMarked;
