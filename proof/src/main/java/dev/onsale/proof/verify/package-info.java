/**
 * Checks an exported log offline: whether it is what was sealed, and whether it keeps the promises of a sale. Where exports
 * come from is left to the audit.
 */
@NullMarked
package dev.onsale.proof.verify;

import org.jspecify.annotations.NullMarked;
