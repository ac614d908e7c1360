/**
 * Orders to and facts of a reservation: one to several seats held, paid and booked, all or nothing.
 * Payments are in {@code dev.onsale.api.payment}.
 */
@NullMarked
package dev.onsale.api.reservation;

import org.jspecify.annotations.NullMarked;
