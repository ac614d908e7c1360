/** Measures the response times and the lag of the read models. */
@NullMarked
package dev.onsale.benchmarks.reads;

import org.jspecify.annotations.NullMarked;
