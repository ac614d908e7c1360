/**
 * The checkout rehearsal: a gateway with faults in its own process, and kills of the application. The invariants are
 * checked by {@link dev.onsale.proof.invariant}.
 */
@NullMarked
package dev.onsale.rehearsal.checkout;

import org.jspecify.annotations.NullMarked;
