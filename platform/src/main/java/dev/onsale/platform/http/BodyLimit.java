package dev.onsale.platform.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On an endpoint whose body may be larger than that of others. Without it the default values hold. A larger body is read only
 * after the caller was authorised, and it is decoded outside of the event loop.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface BodyLimit {

    int BYTES_DEFAULT = 64 * 1024;

    int MEMBERS_DEFAULT = 1_000;

    /** The largest of all: a seating plan of 100,000 seats with all its optional properties stays below this. */
    int BYTES_MAX = 32 * 1024 * 1024;

    /** Bytes of the body. */
    int bytes() default BYTES_DEFAULT;

    /** Entries of any one list, or properties of any one object. */
    int members() default MEMBERS_DEFAULT;
}
