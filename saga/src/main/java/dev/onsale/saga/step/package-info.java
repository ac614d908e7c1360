/**
 * Durable steps: stored in the transaction that decides them, and then run at least
 * once, whatever crashes. What a step does, and that doing it twice is harmless, is left to its handler.
 */
@NullMarked
package dev.onsale.saga.step;

import org.jspecify.annotations.NullMarked;
