/** The load generator: a process of its own that sends requests over many connections and measures the answers. */
@NullMarked
package dev.onsale.benchmarks.load;

import org.jspecify.annotations.NullMarked;
