/**
 * What every HTTP side shares: problem+json errors with stable codes, bearer tokens, the Idempotency-Key, size limits.
 * Endpoints and what they decide live with their side.
 */
@NullMarked
package dev.onsale.platform.http;

import org.jspecify.annotations.NullMarked;
