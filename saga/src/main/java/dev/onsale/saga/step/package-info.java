/**
 * Steps that are written down before they are taken, in the transaction of whoever decides them, and then taken at least
 * once, whatever crashes. What a step does, and that doing it twice is harmless, is left to its handler.
 */
@NullMarked
package dev.onsale.saga.step;

import org.jspecify.annotations.NullMarked;
