/**
 * Orders to and facts of a coupon campaign: who was issued a coupon, at which rank.
 * What a discount does to a price is decided at checkout.
 */
@NullMarked
package dev.onsale.api.coupon;

import org.jspecify.annotations.NullMarked;
