/**
 * An HTTP client for Onsale: typed calls with limits on concurrency and time, outcomes as values, and recorded
 * latencies.
 */
@NullMarked
package dev.onsale.rehearsal.client;

import org.jspecify.annotations.NullMarked;
