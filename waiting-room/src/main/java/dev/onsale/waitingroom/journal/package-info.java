/** What happened in each waiting room, in order? */
@NullMarked
package dev.onsale.waitingroom.journal;

import org.jspecify.annotations.NullMarked;
