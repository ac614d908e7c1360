/** Tests of what makes two requests the same. */
@NullMarked
package dev.onsale.web.idempotency;

import org.jspecify.annotations.NullMarked;
