/**
 * Compares the cost of the three strategies for guarding seats with bare Redis calls. Their correctness is tested in
 * the command side.
 */
@NullMarked
package dev.onsale.benchmarks.guards;

import org.jspecify.annotations.NullMarked;
