/** Who waits at which position, for how long, and when does a visitor poll again? */
@NullMarked
package dev.onsale.waitingroom.queue;

import org.jspecify.annotations.NullMarked;
