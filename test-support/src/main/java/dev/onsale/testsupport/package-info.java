/**
 * Decides which real MariaDB or MySQL, Redis and Kafka the tests of every module run against.
 * Leaves schemas, topics and data to the tests.
 */
@NullMarked
package dev.onsale.testsupport;

import org.jspecify.annotations.NullMarked;
