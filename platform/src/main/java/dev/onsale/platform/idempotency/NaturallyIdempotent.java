package dev.onsale.platform.idempotency;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On an endpoint that takes an {@code IdempotencyKey}: what it decides derives its id from buyer and key, so a repeat
 * changes nothing even without a stored answer. Its answer is then stored behind the request, in batches. Without this
 * annotation a lease of the request is taken in the database before it is worked on, and its answer is durable before it leaves.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface NaturallyIdempotent {}
