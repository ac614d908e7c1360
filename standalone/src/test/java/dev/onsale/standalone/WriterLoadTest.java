package dev.onsale.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WriterLoadTest {

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Timer commits = metrics.timer("onsale.store.flush");
    private final WriterLoad load = new WriterLoad(metrics);

    @Test
    void the_latency_is_the_mean_of_the_commits_since_the_last_look_and_one_slow_commit_is_soon_forgotten() {
        assertThat(load.latency()).isZero();
        commits.record(Duration.ofMillis(10));
        commits.record(Duration.ofMillis(500));
        load.update();
        assertThat(load.latency()).isEqualTo(Duration.ofMillis(255));

        commits.record(Duration.ofMillis(10));
        load.update();
        assertThat(load.latency()).isEqualTo(Duration.ofMillis(10));

        load.update();
        assertThat(load.latency()).as("nothing was committed").isZero();
    }

    @Test
    void the_lag_is_that_of_the_read_models_and_of_no_other_follower() {
        assertThat(load.readModelLag()).isZero();
        metrics.gauge("onsale.follower.lag.seconds", Tags.of("follower", "guard"), 60);
        metrics.gauge("onsale.follower.lag.seconds", Tags.of("follower", "read-models"), 1.5);

        assertThat(load.readModelLag()).isEqualTo(Duration.ofMillis(1_500));
    }

    @Test
    void the_queue_is_what_waits_for_all_writers_together() {
        assertThat(load.queueDepth()).isZero();
        AtomicInteger waiting = new AtomicInteger(7);
        metrics.gauge("onsale.writer.queue.depth", waiting);

        assertThat(load.queueDepth()).isEqualTo(waiting.get());
    }
}
