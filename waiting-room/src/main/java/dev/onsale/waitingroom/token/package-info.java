/**
 * Signs admission tokens and checks them against buyer, sale and time. Whether a token was used before is known to the
 * entry alone.
 */
@NullMarked
package dev.onsale.waitingroom.token;

import org.jspecify.annotations.NullMarked;
