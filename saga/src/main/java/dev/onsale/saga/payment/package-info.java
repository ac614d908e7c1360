/**
 * The payment gateway as a port, and the adapter that speaks HTTP to it: bounded, behind a circuit breaker, honest about
 * what it does not know. What an answer means for a reservation is decided elsewhere.
 */
@NullMarked
package dev.onsale.saga.payment;

import org.jspecify.annotations.NullMarked;
