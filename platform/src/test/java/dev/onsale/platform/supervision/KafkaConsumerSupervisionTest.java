package dev.onsale.platform.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.kafka.listener.MessageListenerContainer;

/** When a consumer counts as working, with a clock that moves by hand. */
class KafkaConsumerSupervisionTest {

    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Consumer consumer = new Consumer();
    private final Consumer other = new Consumer();
    private long nanos;
    private final KafkaConsumerSupervision supervision =
            new KafkaConsumerSupervision(Map.of("a", consumer, "b", other), Duration.ofMinutes(5), () -> nanos);
    private final SupervisedWork work = supervision.supervisedWork().iterator().next();

    private void pass(Duration time) {
        for (long until = nanos + time.toNanos(); nanos < until; nanos += LOOK.toNanos()) {
            supervision.round();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 9, 20, 28})
    void a_consumer_that_works_only_for_a_moment_after_each_start_is_failed(int seconds) {
        pass(LOOK);
        assertThat(work.state()).isEqualTo(SupervisedWork.State.RUNNING);
        for (int deaths = 0; deaths < SupervisedWork.FATAL_IN_A_ROW_MAX; deaths++) {
            assertThat(work.state()).isNotEqualTo(SupervisedWork.State.FAILED);
            consumer.expected = false;
            pass(Duration.ofSeconds(seconds));
        }
        assertThat(work.state()).isEqualTo(SupervisedWork.State.FAILED);
        assertThat(consumer.starts).isEqualTo(SupervisedWork.FATAL_IN_A_ROW_MAX);
        pass(KafkaConsumerSupervision.WORKS_AFTER.plus(LOOK));
        assertThat(work.state()).isEqualTo(SupervisedWork.State.RUNNING);
        assertThat(work.failures()).isEqualTo(SupervisedWork.FATAL_IN_A_ROW_MAX);
    }

    @Test
    void a_consumer_that_cannot_be_started_or_looked_at_does_not_stop_the_looks_at_the_others() {
        consumer.expected = false;
        consumer.failure = new NoClassDefFoundError("injected");
        other.expected = false;
        pass(LOOK.multipliedBy(SupervisedWork.FATAL_IN_A_ROW_MAX));
        assertThat(work.state()).isEqualTo(SupervisedWork.State.FAILED);
        assertThat(other.starts).isEqualTo(1);
    }

    @Test
    void a_normal_stop_is_left_alone() {
        pass(LOOK);
        consumer.running = false;
        pass(LOOK);
        assertThat(work.state()).isEqualTo(SupervisedWork.State.STOPPED);
        assertThat(consumer.starts).isZero();
        consumer.running = true;
        pass(LOOK);
        assertThat(work.state()).isEqualTo(SupervisedWork.State.RUNNING);
    }

    @Test
    void a_consumer_that_polls_is_working_just_before_the_limit_and_hangs_just_after_it() {
        consumer.secondsSincePoll = 300;
        pass(LOOK.multipliedBy(10));
        assertThat(work.state()).isEqualTo(SupervisedWork.State.RUNNING);
        consumer.secondsSincePoll = 301;
        pass(LOOK.multipliedBy(SupervisedWork.FATAL_IN_A_ROW_MAX));
        assertThat(work.state()).isEqualTo(SupervisedWork.State.FAILED);
        assertThat(consumer.starts)
                .as("a second consumer beside one that hangs would hang too")
                .isZero();
        consumer.secondsSincePoll = 0;
        pass(LOOK);
        assertThat(work.state()).isEqualTo(SupervisedWork.State.RUNNING);
    }

    private static final class Consumer implements MessageListenerContainer {

        private boolean expected = true;
        private boolean running = true;
        private int starts;
        private double secondsSincePoll = -1;
        private @Nullable Error failure;

        @Override
        public boolean isInExpectedState() {
            return expected;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public void start() {
            if (failure != null) {
                throw failure;
            }
            starts++;
            expected = true;
        }

        @Override
        public void stop() {}

        @Override
        public void setupMessageListener(Object listener) {}

        @Override
        public Map<String, Map<MetricName, ? extends Metric>> metrics() {
            MetricName name = new MetricName("last-poll-seconds-ago", "consumer-metrics", "", Map.of());
            double value = secondsSincePoll;
            return Map.of("client", Map.of(name, new Metric() {
                @Override
                public MetricName metricName() {
                    return name;
                }

                @Override
                public Object metricValue() {
                    return value;
                }
            }));
        }
    }
}
