/**
 * Keeps the facts of each payment in an order that makes sense.
 * Talking to the gateway is left to the saga.
 */
@NullMarked
package dev.onsale.command.payment;

import org.jspecify.annotations.NullMarked;
