/**
 * Orders to and facts of a performance: its seating plan, prices and sale window.
 * Holds and bookings of seats are in {@code dev.onsale.api.seat}.
 */
@NullMarked
package dev.onsale.api.performance;

import org.jspecify.annotations.NullMarked;
