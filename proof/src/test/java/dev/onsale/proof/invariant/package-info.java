/** Violates each invariant once and asserts that the check finds it. */
@NullMarked
package dev.onsale.proof.invariant;

import org.jspecify.annotations.NullMarked;
