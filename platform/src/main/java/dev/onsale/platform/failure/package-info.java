/** Helpers for failures and retries. */
@NullMarked
package dev.onsale.platform.failure;

import org.jspecify.annotations.NullMarked;
