/**
 * Decides which images stand in for the embedded services where Docker runs.
 * Leaves it to Testcontainers to remove them when the JVM ends.
 */
@NullMarked
package dev.onsale.testsupport.containers;

import org.jspecify.annotations.NullMarked;
