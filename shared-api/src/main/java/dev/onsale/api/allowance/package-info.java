/**
 * Facts of how many seats one buyer has taken of one performance.
 * The limit is part of the performance; orders arrive through a reservation.
 */
@NullMarked
package dev.onsale.api.allowance;

import org.jspecify.annotations.NullMarked;
