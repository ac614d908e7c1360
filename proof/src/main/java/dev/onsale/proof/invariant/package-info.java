/**
 * Whether a log of facts keeps the promises of a sale, and whether it agrees with what people were told and with what the
 * read models say. Pure: where facts and answers come from is left to others.
 */
@NullMarked
package dev.onsale.proof.invariant;

import org.jspecify.annotations.NullMarked;
