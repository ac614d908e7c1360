/** The one way to call Redis without blocking a thread: one connection per user of Redis, scripts by digest, time limits. */
@NullMarked
package dev.onsale.platform.redis;

import org.jspecify.annotations.NullMarked;
