/** The one way to make Kafka clients: consumers that read what was committed, producers that wait for all replicas. */
@NullMarked
package dev.onsale.platform.kafka;

import org.jspecify.annotations.NullMarked;
