/** Which waiting rooms exist, with which settings and state, and which node leads them? */
@NullMarked
package dev.onsale.waitingroom.room;

import org.jspecify.annotations.NullMarked;
