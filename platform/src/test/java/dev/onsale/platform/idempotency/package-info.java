/** Tests of what makes two requests the same. */
@NullMarked
package dev.onsale.platform.idempotency;

import org.jspecify.annotations.NullMarked;
