/** Metrics of the services that Onsale uses: Kafka's consumer groups and the memory of Redis. */
@NullMarked
package dev.onsale.standalone.monitoring;

import org.jspecify.annotations.NullMarked;
