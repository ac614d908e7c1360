/**
 * Refuses requests without a chance before they reach the aggregates. Fast and advisory; its data may be lost at any moment.
 * What is true is left to the aggregates and their store.
 */
@NullMarked
package dev.onsale.command.guard;

import org.jspecify.annotations.NullMarked;
