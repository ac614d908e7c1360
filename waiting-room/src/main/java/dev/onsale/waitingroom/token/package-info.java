/** Which admission tokens are genuine, which keys sign them, and which were used? */
@NullMarked
package dev.onsale.waitingroom.token;

import org.jspecify.annotations.NullMarked;
