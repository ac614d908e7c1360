/**
 * What the gateway tells by itself: believed only if it is signed and fresh, and even then only as a hint to look now.
 * What became of a payment is left to the steps, which ask the gateway.
 */
@NullMarked
package dev.onsale.saga.webhook;

import org.jspecify.annotations.NullMarked;
