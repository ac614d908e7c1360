/**
 * The form in which the log of one sale leaves Onsale: JSON Lines that have exactly one spelling each. Reading and judging
 * an export is left to others.
 */
@NullMarked
package dev.onsale.proof.export;

import org.jspecify.annotations.NullMarked;
