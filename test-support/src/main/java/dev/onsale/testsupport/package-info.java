/**
 * Provides the MariaDB or MySQL, Redis and Kafka that the tests of all modules use. Tests create their own schemas,
 * topics and data.
 */
@NullMarked
package dev.onsale.testsupport;

import org.jspecify.annotations.NullMarked;
