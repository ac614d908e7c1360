/**
 * Writes facts down for many commands at once and knows for certain whether they were written.
 * Which facts there are is left to the aggregates, which commands run together to the bus.
 */
@NullMarked
package dev.onsale.command.store;

import org.jspecify.annotations.NullMarked;
