/**
 * Orders to and facts of one payment at the gateway.
 * Which payment a reservation needs is decided by the reservation.
 */
@NullMarked
package dev.onsale.api.payment;

import org.jspecify.annotations.NullMarked;
