/**
 * What a campaign of a million issued coupons costs: to load, to keep in memory and to issue from, beside an empty one.
 * Commands, aggregate, store and snapshots are the product's own.
 */
@NullMarked
package dev.onsale.benchmarks.campaign;

import org.jspecify.annotations.NullMarked;
