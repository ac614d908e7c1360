/**
 * Completed checkouts per second: from the hold to the captured payment, through saga, steps and gateway.
 * What bounds them is printed beside.
 */
@NullMarked
package dev.onsale.benchmarks.checkout;

import org.jspecify.annotations.NullMarked;
