/**
 * Performances as buyers look for them: what, when, at which price, and how many seats are left. Which seats those are is
 * the seat map's business.
 */
@NullMarked
package dev.onsale.query.performance;

import org.jspecify.annotations.NullMarked;
