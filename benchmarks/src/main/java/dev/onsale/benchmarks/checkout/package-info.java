/**
 * Measures completed checkouts per second, from the hold to the captured payment, through saga, steps and gateway. Also
 * prints the load of the limiting resources.
 */
@NullMarked
package dev.onsale.benchmarks.checkout;

import org.jspecify.annotations.NullMarked;
