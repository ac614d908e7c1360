/**
 * Webhook of the payment gateway. An event counts only if it is signed and fresh, and then only as a reason to look now.
 * The steps ask the gateway for the state of the payment.
 */
@NullMarked
package dev.onsale.saga.webhook;

import org.jspecify.annotations.NullMarked;
