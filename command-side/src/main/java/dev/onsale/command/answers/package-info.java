/**
 * Stores the first answers to requests with an idempotency key, as long as keys are valid. Without a stored answer the aggregates
 * recognise repeats.
 */
@NullMarked
package dev.onsale.command.answers;

import org.jspecify.annotations.NullMarked;
