/**
 * Issues coupons: quantity, window and limit per buyer, in order of arrival. The checkout applies the discount.
 */
@NullMarked
package dev.onsale.command.coupon;

import org.jspecify.annotations.NullMarked;
