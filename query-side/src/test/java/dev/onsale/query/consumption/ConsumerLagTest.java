package dev.onsale.query.consumption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.onsale.api.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsumerLagTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final Clock clock = mock(Clock.class);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ConsumerLag lag = new ConsumerLag(clock, "read-models", metrics);

    @BeforeEach
    void noon() {
        at(0);
    }

    @Test
    void a_batch_under_way_counts_with_its_oldest_event_for_as_long_as_it_is_tried() {
        assertThat(shown()).isZero();
        at(3);
        lag.began(List.of(writtenAtNoon()));
        assertThat(shown()).isEqualTo(3);
        at(60);
        assertThat(shown()).as("the database is away").isEqualTo(60);
    }

    @Test
    void a_committed_batch_speaks_for_the_group_for_a_moment_only() {
        at(2);
        lag.began(List.of(writtenAtNoon()));
        lag.committed();
        assertThat(shown()).isEqualTo(2);
        at(6);
        assertThat(shown()).isEqualTo(2);
        at(8);
        assertThat(shown()).as("nothing more has come").isZero();
    }

    private double shown() {
        return metrics.get("onsale.follower.lag.seconds")
                .tag("follower", "read-models")
                .gauge()
                .value();
    }

    private void at(int seconds) {
        when(clock.instant()).thenReturn(NOON.plusSeconds(seconds));
    }

    private static ConsumerRecord<String, String> writtenAtNoon() {
        ConsumerRecord<String, String> record = new ConsumerRecord<>("topic", 0, 0, "key", "value");
        record.headers().add(Topics.HEADER_TIME, NOON.toString().getBytes(StandardCharsets.UTF_8));
        return record;
    }
}
