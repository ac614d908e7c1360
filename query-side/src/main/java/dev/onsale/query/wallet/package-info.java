/**
 * What buyers see of their points: the balance and what moved it.
 * Whether points may be spent is decided on the command side.
 */
@NullMarked
package dev.onsale.query.wallet;

import org.jspecify.annotations.NullMarked;
