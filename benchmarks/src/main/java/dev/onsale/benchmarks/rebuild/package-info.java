/**
 * How fast read models are built again, beside stock Axon with the same folds and beside a bare scan of the table. What is
 * right about them is tested elsewhere.
 */
@NullMarked
package dev.onsale.benchmarks.rebuild;

import org.jspecify.annotations.NullMarked;
