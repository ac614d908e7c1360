/** Checks an exported log offline: that it matches its seals, and that it keeps the invariants of a sale. */
@NullMarked
package dev.onsale.proof.verify;

import org.jspecify.annotations.NullMarked;
