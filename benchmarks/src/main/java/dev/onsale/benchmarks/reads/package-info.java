/**
 * How fast read models answer, and how far they are behind. What they answer is tested elsewhere.
 */
@NullMarked
package dev.onsale.benchmarks.reads;

import org.jspecify.annotations.NullMarked;
