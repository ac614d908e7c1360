/**
 * Checks that a log of events keeps the invariants of a sale and agrees with the acknowledgements and the read models.
 * Performs no I/O.
 */
@NullMarked
package dev.onsale.proof.invariant;

import org.jspecify.annotations.NullMarked;
