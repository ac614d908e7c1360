/**
 * A coupon service as a team builds it without Onsale: Spring MVC, a Lua script in Redis, Kafka, and a consumer that writes
 * rows. It has no login, and it answers before anything is durable. Benchmarks compare Onsale with it.
 */
@NullMarked
package dev.onsale.stock;

import org.jspecify.annotations.NullMarked;
