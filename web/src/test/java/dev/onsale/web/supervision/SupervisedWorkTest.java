package dev.onsale.web.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class SupervisedWorkTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static List<Throwable> everyKindOfFailure() {
        return List.of(
                new StackOverflowError("injected"),
                new NoClassDefFoundError("injected"),
                new AssertionError("injected"),
                new OutOfMemoryError("injected"),
                new IllegalStateException("injected"));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    @ParameterizedTest
    @MethodSource("everyKindOfFailure")
    void a_periodic_task_goes_on_after_any_failure(Throwable failure) {
        SupervisedWork work = new SupervisedWork("task", null);
        AtomicInteger rounds = new AtomicInteger();
        try (ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor()) {
            var unused = executor.scheduleWithFixedDelay(
                    work.periodic(() -> {
                        if (rounds.incrementAndGet() <= 2) {
                            SupervisedWorkTest.<RuntimeException>sneak(failure);
                        }
                    }),
                    0,
                    1,
                    TimeUnit.MILLISECONDS);
            await().atMost(PATIENCE).until(() -> rounds.get() > 4);
            executor.shutdownNow();
        }
        assertThat(work.failures()).isEqualTo(2);
        assertThat(work.state()).isEqualTo(SupervisedWork.State.RUNNING);
    }

    @ParameterizedTest
    @MethodSource("everyKindOfFailure")
    void a_loop_is_started_again_after_any_failure_and_ends_when_it_returns(Throwable failure) throws Exception {
        SupervisedWork work = new SupervisedWork("loop", null);
        AtomicInteger runs = new AtomicInteger();
        Thread thread = Thread.ofPlatform().start(work.restarting(() -> false, () -> {
            if (runs.incrementAndGet() <= 2) {
                SupervisedWorkTest.<RuntimeException>sneak(failure);
            }
            work.completed();
        }));
        assertThat(thread.join(PATIENCE)).isTrue();
        assertThat(runs).hasValue(3);
        assertThat(work.failures()).isEqualTo(2);
        assertThat(work.state()).isEqualTo(SupervisedWork.State.STOPPED);
    }

    @Test
    void errors_in_a_row_make_the_node_unready_once_and_a_completed_round_makes_it_ready() {
        AtomicInteger givenUp = new AtomicInteger();
        SupervisedWork work = new SupervisedWork("loop", null).whenFailed(givenUp::incrementAndGet);
        AtomicBoolean broken = new AtomicBoolean(true);
        Runnable round = work.periodic(() -> {
            if (broken.get()) {
                throw new NoClassDefFoundError("injected");
            }
        });
        for (int times = 0; times < SupervisedWork.FATAL_IN_A_ROW_MAX - 1; times++) {
            round.run();
        }
        assertThat(health(work).getStatus()).isEqualTo(Status.UP);
        round.run();
        round.run();
        assertThat(health(work).getStatus()).isEqualTo(Status.DOWN);
        assertThat(givenUp).hasValue(1);
        broken.set(false);
        round.run();
        assertThat(health(work).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_service_that_is_away_leaves_the_node_ready() {
        SupervisedWork work = new SupervisedWork("task", null);
        Runnable round = work.periodic(() -> {
            throw new IllegalStateException("away");
        });
        for (int times = 0; times < 100; times++) {
            round.run();
        }
        assertThat(work.state()).isEqualTo(SupervisedWork.State.RETRYING);
        assertThat(health(work).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_thread_that_gives_no_sign_of_life_makes_the_node_unready() {
        SupervisedWork work = new SupervisedWork("loop", Duration.ofMillis(20));
        assertThat(health(work).getStatus()).isEqualTo(Status.UP);
        work.started();
        await().atMost(PATIENCE).until(() -> health(work).getStatus().equals(Status.DOWN));
        assertThat(health(work).getDetails()).extractingByKey("loop").asString().contains("SILENT", "ageSeconds");
        work.completed();
        assertThat(health(work).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_round_that_fails_is_no_silence() {
        SupervisedWork work = new SupervisedWork("loop", Duration.ofMillis(200));
        work.started();
        await().atMost(PATIENCE).until(() -> {
            work.failed(new IllegalStateException("away"));
            assertThat(work.state()).isEqualTo(SupervisedWork.State.RETRYING);
            return work.age().compareTo(Duration.ofMillis(600)) > 0;
        });
        await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.SILENT);
    }

    private static Health health(SupervisedWork work) {
        return Objects.requireNonNull(new ThreadsHealthIndicator(() -> List.of(work)).health(true));
    }
}
