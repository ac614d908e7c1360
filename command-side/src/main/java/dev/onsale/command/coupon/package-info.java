/**
 * Decides who gets a coupon: quantity, window and one per person, in order of arrival.
 * What a coupon takes off a price is left to checkout.
 */
@NullMarked
package dev.onsale.command.coupon;

import org.jspecify.annotations.NullMarked;
