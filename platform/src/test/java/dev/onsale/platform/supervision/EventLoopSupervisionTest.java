package dev.onsale.platform.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An event loop that is blocked, and one that has ended, among others that work. */
class EventLoopSupervisionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DefaultEventExecutorGroup loops = new DefaultEventExecutorGroup(3);
    private final EventLoopSupervision supervision =
            new EventLoopSupervision(() -> loops, Duration.ofSeconds(3), Duration.ofMillis(200), System::nanoTime);
    private final SupervisedWork work = supervision.supervisedWork().iterator().next();

    @AfterEach
    void stop() {
        supervision.stop();
        var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void a_blocked_event_loop_makes_the_node_unready_until_it_goes_on() {
        CountDownLatch end = new CountDownLatch(1);
        supervision.start();
        await().atMost(PATIENCE)
                .until(() -> work.state() == SupervisedWork.State.RUNNING
                        && work.age().toMillis() < 1_000);
        loops.next().execute(() -> {
            try {
                assertThat(end.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.FAILED);
        assertThat(work.lastFailure()).contains("has run no task");
        end.countDown();
        await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.RUNNING);
    }

    @Test
    void an_event_loop_that_has_ended_makes_the_node_unready() {
        supervision.start();
        var unused = loops.next().shutdownGracefully(0, 1, TimeUnit.SECONDS);
        await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.FAILED);
        assertThat(work.lastFailure()).contains("has ended");
    }

    @Test
    void a_frozen_process_is_no_blocked_event_loop() {
        AtomicLong now = new AtomicLong();
        EventLoopSupervision watch =
                new EventLoopSupervision(() -> loops, Duration.ofSeconds(30), Duration.ofSeconds(1), now::get);
        CountDownLatch end = new CountDownLatch(1);
        loops.next().execute(() -> {
            try {
                assertThat(end.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        watch.round();
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        watch.round();

        assertThatThrownBy(() -> {
                    for (int look = 0; look < 20; look++) {
                        now.addAndGet(Duration.ofSeconds(2).toNanos());
                        watch.round();
                    }
                })
                .as("one that is blocked all the same")
                .hasMessageContaining("has run no task");
        end.countDown();
    }
}
