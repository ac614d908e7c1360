/**
 * Runs MariaDB, Redis and Kafka from Maven artifacts, in separate processes, with all data in one directory. Schemas
 * and topics are created by the application.
 */
@NullMarked
package dev.onsale.embedded;

import org.jspecify.annotations.NullMarked;
