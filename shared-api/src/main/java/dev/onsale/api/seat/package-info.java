/**
 * Facts of one numbered seat. Orders reach seats only through a reservation,
 * so that several seats are decided together.
 */
@NullMarked
package dev.onsale.api.seat;

import org.jspecify.annotations.NullMarked;
