/**
 * Measures a campaign with a million issued coupons, compared with an empty one: load time, memory, and coupons issued
 * per second. Uses the application's commands, aggregate, store and snapshots.
 */
@NullMarked
package dev.onsale.benchmarks.campaign;

import org.jspecify.annotations.NullMarked;
