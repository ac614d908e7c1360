/**
 * Onsale over HTTP, seen from outside: typed calls, bounded in number at once and in time, every answer a value, every
 * latency kept. What to ask and what the answers prove is left to others.
 */
@NullMarked
package dev.onsale.rehearsal.client;

import org.jspecify.annotations.NullMarked;
