package dev.onsale.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The name and version under which an event is stored and published; a change of either is a migration. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface LogicalType {

    /** Dotted lower-case name such as {@code onsale.seat-held}. */
    String value();

    /** Counts up from 1 with each incompatible change. */
    int version() default 1;
}
