/** Who waits at which position, for how long, and when do visitors poll again? */
@NullMarked
package dev.onsale.waitingroom.queue;

import org.jspecify.annotations.NullMarked;
