/** Tests of the rate limits. */
@NullMarked
package dev.onsale.web.ratelimit;

import org.jspecify.annotations.NullMarked;
