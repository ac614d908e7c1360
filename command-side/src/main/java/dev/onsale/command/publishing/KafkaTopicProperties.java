package dev.onsale.command.publishing;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the Kafka topics ({@code onsale.kafka.*}).
 *
 * @param partitions partitions of a topic when it is created; existing topics are not changed
 * @param replicationFactor copies of each partition when a topic is created; 3 in a cluster. Also used for the
 *     dead-letter topics
 * @param minInSyncReplicas copies that must have a record before it is acknowledged; 2 in a cluster
 */
@ConfigurationProperties("onsale.kafka")
record KafkaTopicProperties(
        @DefaultValue("3") int partitions,
        @DefaultValue("1") short replicationFactor,
        @DefaultValue("1") int minInSyncReplicas) {}
