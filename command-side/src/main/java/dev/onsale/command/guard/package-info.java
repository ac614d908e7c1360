/**
 * Turns the crowd away before it reaches the aggregates. Fast, advisory, and lost at any moment.
 * What is true is left to the aggregates and their store.
 */
@NullMarked
package dev.onsale.command.guard;

import org.jspecify.annotations.NullMarked;
