/** Claims of coupons, with a limit for the campaign and for the buyer. */
@NullMarked
package dev.onsale.command.guard.coupon;

import org.jspecify.annotations.NullMarked;
