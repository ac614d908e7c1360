/**
 * Decides whether a client may ask again already: a token bucket per buyer and per address, shared by all nodes through Redis.
 * Who may enter a sale, and when, is left to the waiting room.
 */
@NullMarked
package dev.onsale.platform.ratelimit;

import org.jspecify.annotations.NullMarked;
