/**
 * Rate limits: a token bucket per buyer and per address, shared by all nodes through Redis.
 */
@NullMarked
package dev.onsale.platform.ratelimit;

import org.jspecify.annotations.NullMarked;
