/** Claims of seats, in three strategies. */
@NullMarked
package dev.onsale.command.guard.seat;

import org.jspecify.annotations.NullMarked;
