/**
 * Answers a repeat of a request as the first was answered, refuses a key that names another request, and lets one request of a
 * key be worked on at a time. Whether a repeat without a stored answer changes anything is left to the aggregates.
 */
@NullMarked
package dev.onsale.platform.idempotency;

import org.jspecify.annotations.NullMarked;
