/**
 * Keeps the first answers to requests with an idempotency key in the database, for as long as keys are good.
 * What a repeat does without a stored answer is left to the aggregates.
 */
@NullMarked
package dev.onsale.command.answers;

import org.jspecify.annotations.NullMarked;
