package dev.onsale.platform.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class SupervisedWorkTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

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
        SupervisedWork work = new SupervisedWork("task", PATIENCE);
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
        SupervisedWork work = new SupervisedWork("loop", PATIENCE);
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
        SupervisedWork work = new SupervisedWork("loop", PATIENCE).whenFailed(givenUp::incrementAndGet);
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
        SupervisedWork work = new SupervisedWork("task", PATIENCE);
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
    void silence_of_optional_work_is_shown_and_leaves_the_node_ready() {
        SupervisedWork work = new SupervisedWork("cleaning", Duration.ofMillis(20)).optional();
        work.started();
        await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.SILENT);
        assertThat(health(work).getStatus()).isEqualTo(Status.UP);
        assertThat(health(work).getDetails())
                .extractingByKey("cleaning")
                .asString()
                .contains("SILENT");
        for (int times = 0; times < 5; times++) {
            work.failed(new StackOverflowError("injected"));
        }
        assertThat(health(work).getStatus()).isEqualTo(Status.DOWN);
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

    @Test
    void a_round_without_progress_makes_the_node_unready_also_if_others_go_on_and_if_rounds_are_on_demand()
            throws Exception {
        Duration max = Duration.ofMillis(300);
        for (SupervisedWork work : List.of(new SupervisedWork("work", max), SupervisedWork.onDemand("work", max))) {
            CountDownLatch end = new CountDownLatch(1);
            Thread hanging = Thread.ofPlatform().start(() -> work.attempt(() -> awaitUninterrupted(end)));
            await().atMost(PATIENCE).until(() -> {
                assertThat(work.attempt(() -> {})).isTrue();
                return health(work).getStatus().equals(Status.DOWN);
            });
            assertThat(work.state()).isEqualTo(SupervisedWork.State.SILENT);
            assertThat(work.isSilent(hanging)).isTrue();
            assertThat(work.silence()).isGreaterThan(max);
            end.countDown();
            assertThat(hanging.join(PATIENCE)).isTrue();
            assertThat(work.state()).isEqualTo(SupervisedWork.State.RUNNING);
            assertThat(work.silence()).isZero();
        }
    }

    @Test
    void a_round_with_progress_may_take_any_time_and_so_may_the_time_between_rounds_on_demand() {
        Duration max = Duration.ofSeconds(1);
        SupervisedWork outer = new SupervisedWork("outer", max);
        SupervisedWork inner = SupervisedWork.onDemand("inner", max);
        AtomicInteger looks = new AtomicInteger();
        outer.attempt(() ->
                inner.attempt(() -> await().pollInSameThread().atMost(PATIENCE).until(() -> {
                    SupervisedWork.progress();
                    assertThat(outer.state()).isEqualTo(SupervisedWork.State.RUNNING);
                    assertThat(inner.state()).isEqualTo(SupervisedWork.State.RUNNING);
                    looks.incrementAndGet();
                    return inner.age().compareTo(max.multipliedBy(3)) > 0;
                })));
        assertThat(looks.get()).isGreaterThan(3);
        await().atMost(PATIENCE).until(() -> outer.state() == SupervisedWork.State.SILENT);
        assertThat(inner.age()).isGreaterThan(max);
        assertThat(inner.state()).isEqualTo(SupervisedWork.State.RUNNING);
    }

    private static void awaitUninterrupted(CountDownLatch end) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (end.getCount() > 0 && System.nanoTime() < until) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static Health health(SupervisedWork work) {
        return Objects.requireNonNull(new ThreadsHealthIndicator(() -> List.of(work)).health(true));
    }
}
