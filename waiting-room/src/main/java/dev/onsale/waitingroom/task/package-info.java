/** Which tasks does a node run for each room, and which of them fail? */
@NullMarked
package dev.onsale.waitingroom.task;

import org.jspecify.annotations.NullMarked;
