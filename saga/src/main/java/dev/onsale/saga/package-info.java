/**
 * Carries a reservation across writers: payment, confirmation, expiry, refund, each with its compensation.
 * Whether a step is allowed is left to the aggregates, and whether money moves to the gateway.
 */
@NullMarked
package dev.onsale.saga;

import org.jspecify.annotations.NullMarked;
