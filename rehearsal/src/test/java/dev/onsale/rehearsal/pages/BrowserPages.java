package dev.onsale.rehearsal.pages;

import dev.onsale.rehearsal.running.SharedOnsale;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test class of pages in a browser, on the one application of the JVM. Skipped without a browser, except with CI=true. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SharedOnsale
@ExtendWith(BrowserExtension.class)
@interface BrowserPages {}
