/**
 * The points of buyers: charged, debited for a payment, given back.
 * Which reservation they pay for is left to the payment.
 */
@NullMarked
package dev.onsale.api.wallet;

import org.jspecify.annotations.NullMarked;
