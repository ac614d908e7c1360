/**
 * Reservations and their payments as the buyer sees them: only the buyer's own, for operators any. What may be done with a
 * reservation is decided by the command side.
 */
@NullMarked
package dev.onsale.query.reservation;

import org.jspecify.annotations.NullMarked;
