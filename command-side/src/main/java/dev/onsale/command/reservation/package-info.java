/**
 * Decides who holds and owns which seats: seats, reservations and allowances of one performance, together.
 * Money is left to {@code payment} and to the saga.
 */
@NullMarked
package dev.onsale.command.reservation;

import org.jspecify.annotations.NullMarked;
