/**
 * Checks an exported log offline: whether it is what was sealed, and whether it keeps the promises of a sale. Where exports
 * come from is left to the audit.
 */
@NullMarked
package dev.onsale.verification.proof;

import org.jspecify.annotations.NullMarked;
