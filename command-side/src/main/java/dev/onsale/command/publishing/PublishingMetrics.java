package dev.onsale.command.publishing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts the records that were sent to Kafka. A record that is sent again after a failure counts again. */
final class PublishingMetrics {

    private final Counter committed;
    private final Counter failed;

    PublishingMetrics(MeterRegistry registry) {
        committed = records(registry, "success");
        failed = records(registry, "failure");
    }

    private static Counter records(MeterRegistry registry, String outcome) {
        return Counter.builder("onsale.publisher.records")
                .description("Records of transactions that Kafka committed, or that failed as a whole")
                .tag("outcome", outcome)
                .register(registry);
    }

    void committed(int records) {
        committed.increment(records);
    }

    void failed(int records) {
        failed.increment(records);
    }
}
