/**
 * Decides which free seats of a hall are the best for somebody who names a number and not the seats.
 * Whose they are in the end is decided by {@code reservation}.
 */
@NullMarked
package dev.onsale.command.seating;

import org.jspecify.annotations.NullMarked;
