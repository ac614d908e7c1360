/**
 * Decides what can be sold at which price and when: performances, their seating plans and sale windows.
 * Who gets which seat is decided by {@code reservation}.
 */
@NullMarked
package dev.onsale.command.performance;

import org.jspecify.annotations.NullMarked;
