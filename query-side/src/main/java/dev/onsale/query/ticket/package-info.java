/** Tickets of booked seats, with their signed codes, and which of them were used at the entrance. */
@NullMarked
package dev.onsale.query.ticket;

import org.jspecify.annotations.NullMarked;
