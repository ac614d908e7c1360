/**
 * Coupon campaigns with their counters, and the coupons of a buyer. Who gets one is decided by the campaign on the command
 * side.
 */
@NullMarked
package dev.onsale.query.coupon;

import org.jspecify.annotations.NullMarked;
