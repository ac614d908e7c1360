/** Tests of the rate limits. */
@NullMarked
package dev.onsale.platform.ratelimit;

import org.jspecify.annotations.NullMarked;
