package dev.onsale.rehearsal.running;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Marks test classes that use the shared {@link Onsale} of the JVM. These classes run sequentially, in parallel to the
 * classes that do not use it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("services")
@ExtendWith(OnsaleExtension.class)
@Execution(ExecutionMode.SAME_THREAD)
public @interface SharedOnsale {}
