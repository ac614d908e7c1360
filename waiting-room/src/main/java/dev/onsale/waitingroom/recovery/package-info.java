/** How does a room survive the loss of Redis, or of the node that restores it? */
@NullMarked
package dev.onsale.waitingroom.recovery;

import org.jspecify.annotations.NullMarked;
