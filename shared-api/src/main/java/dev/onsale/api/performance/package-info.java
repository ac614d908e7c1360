/**
 * Orders to and facts of a performance: its seating plan, prices and sale window.
 * Who holds which seat is told by {@code dev.onsale.api.seat}.
 */
@NullMarked
package dev.onsale.api.performance;

import org.jspecify.annotations.NullMarked;
