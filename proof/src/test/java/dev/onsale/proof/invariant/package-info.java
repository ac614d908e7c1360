/**
 * Shows that the verdict bites: each promise is broken by hand once and must be found and named.
 */
@NullMarked
package dev.onsale.proof.invariant;

import org.jspecify.annotations.NullMarked;
