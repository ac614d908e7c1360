package dev.onsale.query.consumption;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the dead-letter topics are created, if they do not exist.
 *
 * @param replicationFactor copies of each partition, at most the number of brokers
 */
@ConfigurationProperties("onsale.kafka")
record DeadLetterTopicSettings(@DefaultValue("1") short replicationFactor) {

    DeadLetterTopicSettings {
        if (replicationFactor < 1) {
            throw new IllegalArgumentException("onsale.kafka.replication-factor is at least 1");
        }
    }
}
