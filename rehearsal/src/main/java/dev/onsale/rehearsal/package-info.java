/**
 * {@code ./onsale rehearse}: simulates a sale with many concurrent buyers and prints the result. The invariants are
 * defined in {@link dev.onsale.proof.invariant}.
 */
@NullMarked
package dev.onsale.rehearsal;

import org.jspecify.annotations.NullMarked;
