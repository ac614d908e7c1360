/**
 * Which seats are the best.
 */
@NullMarked
package dev.onsale.command.seating;

import org.jspecify.annotations.NullMarked;
