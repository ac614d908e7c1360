package dev.onsale.command.publishing;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Shape of the topics ({@code onsale.kafka.*}).
 *
 * @param partitions partitions per topic
 * @param replicationFactor copies of each partition; 3 in a cluster, then also set {@code minInSyncReplicas} to 2
 * @param minInSyncReplicas copies that must have a record before it counts
 */
@ConfigurationProperties("onsale.kafka")
record KafkaTopicProperties(
        @DefaultValue("3") int partitions,
        @DefaultValue("1") short replicationFactor,
        @DefaultValue("1") int minInSyncReplicas) {}
