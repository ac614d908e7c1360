/** Tests of the calls of Redis. */
@NullMarked
package dev.onsale.platform.redis;

import org.jspecify.annotations.NullMarked;
