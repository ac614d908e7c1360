/**
 * Runs the test services in containers instead of embedded processes. Testcontainers removes the containers when the
 * JVM ends.
 */
@NullMarked
package dev.onsale.testsupport.containers;

import org.jspecify.annotations.NullMarked;
