package dev.onsale.query.consumption;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the dead-letter topics ({@code onsale.kafka.*}).
 *
 * @param replicationFactor copies of each partition when a topic is created; 3 in a cluster. Also used for the
 *     dead-letter topics
 */
@ConfigurationProperties("onsale.kafka")
record DeadLetterTopicSettings(@DefaultValue("1") short replicationFactor) {

    DeadLetterTopicSettings {
        if (replicationFactor < 1) {
            throw new IllegalArgumentException("onsale.kafka.replication-factor is at least 1");
        }
    }
}
