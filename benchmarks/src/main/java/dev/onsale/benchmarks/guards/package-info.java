/**
 * Measures what a guard costs: the three ways of guarding seats beside bare Redis calls.
 * Whether they keep their promise is left to the tests of the command side.
 */
@NullMarked
package dev.onsale.benchmarks.guards;

import org.jspecify.annotations.NullMarked;
