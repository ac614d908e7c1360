package dev.onsale.waitingroom.admission;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.Database;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.recovery.RoomRestorer;
import dev.onsale.waitingroom.task.RoomFailures;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** Restorations of rooms whose journals hang, or come slowly, beside one that works. */
@Tag("services")
class HangingRestorationTest {

    private static final Duration SILENT_MAX = Duration.ofSeconds(2);
    private static final Duration LOCK = Duration.ofSeconds(1);

    private final RoomFixture first = new RoomFixture().open(5, 5);
    private final RoomFixture second = new RoomFixture().open(5, 5);
    private final RoomFixture working = new RoomFixture().open(5, 5);
    private final Set<String> hanging = ConcurrentHashMap.newKeySet();
    private final AtomicInteger tries = new AtomicInteger();
    private volatile boolean endsByInterrupt;
    private volatile Duration pause = Duration.ZERO;
    private final RoomRestorer restorer = new RoomRestorer(
            first.redis,
            first.store,
            first.directory,
            new Journal(first.jdbc, new DataSourceTransactionManager(Database.source())) {
                @Override
                public void read(String sale, Consumer<JournalEntry> each) {
                    tries.incrementAndGet();
                    super.read(sale, entry -> {
                        each.accept(entry);
                        pass(pause);
                    });
                    hang(sale);
                }
            },
            first.entryStore,
            first.clock,
            LOCK,
            SILENT_MAX);
    private final RoomTasks builders = new RoomTasks(restorer, first.opening, first.failures, SILENT_MAX);

    private void hang(String sale) {
        while (hanging.contains(sale)) {
            if (Thread.interrupted() && endsByInterrupt) {
                throw new IllegalStateException("interrupted");
            }
            pass(Duration.ofMillis(10));
        }
    }

    private static void pass(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private static void lose(RoomFixture room) {
        room.join(ALICE);
        room.writer.write(room.sale);
        room.loseRedis();
    }

    private Map<String, SupervisedWork.State> states() {
        return java.util.stream.Stream.of(builders, restorer)
                .flatMap(bean -> bean.supervisedWork().stream())
                .collect(Collectors.toMap(SupervisedWork::name, SupervisedWork::state));
    }

    private @Nullable Object failing() {
        return first.metrics
                .get(RoomFailures.GAUGE)
                .tag("task", "restoration")
                .gauge()
                .value();
    }

    @AfterEach
    void close() {
        hanging.clear();
        builders.destroy();
        first.close();
        second.close();
        working.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void restorations_that_hang_are_visible_and_do_not_hold_up_the_others(boolean interruptible) {
        endsByInterrupt = interruptible;
        lose(first);
        lose(second);
        lose(working);
        hanging.add(first.sale.value());
        hanging.add(second.sale.value());
        await("both hang").atMost(BOUND).until(() -> {
            builders.restore(first.sale);
            builders.restore(second.sale);
            return tries.get() >= 2;
        });
        await("the room that works").atMost(BOUND).until(() -> {
            builders.restore(first.sale);
            builders.restore(second.sale);
            builders.restore(working.sale);
            return working.raw.hasKey(working.keys.room());
        });
        assertThat(working.poll(ALICE).position()).isEqualTo(1);
        await("both are visible").atMost(BOUND).untilAsserted(() -> {
            builders.restore(first.sale);
            builders.restore(second.sale);
            assertThat(first.failures.reasons())
                    .containsKeys("restoration " + first.sale, "restoration " + second.sale);
            assertThat(failing()).isEqualTo(2.0);
        });
        if (!interruptible) {
            assertThat(states())
                    .containsEntry("waiting-room-builder", SupervisedWork.State.SILENT)
                    .containsEntry("waiting-room-restoration", SupervisedWork.State.SILENT);
            await("another node may build the room")
                    .atMost(BOUND)
                    .until(() -> !first.raw.hasKey(first.keys.building()));
        }

        hanging.clear();
        await("both rooms").atMost(BOUND).until(() -> {
            builders.restore(first.sale);
            builders.restore(second.sale);
            return first.raw.hasKey(first.keys.room()) && second.raw.hasKey(second.keys.room());
        });
        await("the end of the failure").atMost(BOUND).untilAsserted(() -> {
            assertThat(first.failures.reasons()).isEmpty();
            assertThat(states().values()).isSubsetOf(SupervisedWork.State.RUNNING, SupervisedWork.State.STOPPED);
        });
    }

    @Test
    void a_restoration_that_is_interrupted_counts_as_one_failure() {
        endsByInterrupt = true;
        lose(first);
        hanging.add(first.sale.value());
        await("the interruption").atMost(BOUND).until(() -> {
            builders.restore(first.sale);
            return failures() > 0;
        });
        assertThat(tries).hasValue(1);

        hanging.clear();
        await("the room").atMost(BOUND).until(() -> {
            builders.restore(first.sale);
            return first.raw.hasKey(first.keys.room());
        });
        assertThat(failures()).isEqualTo(1);
    }

    private double failures() {
        return first.metrics
                .get(RoomFailures.COUNTER)
                .tag("task", "restoration")
                .counter()
                .count();
    }

    @Test
    void a_restoration_that_makes_steady_progress_may_take_any_time() {
        for (int buyer = 0; buyer < 12; buyer++) {
            first.join(BuyerId.of("buyer-" + buyer));
        }
        lose(first);
        pause = SILENT_MAX.dividedBy(4);
        long began = System.nanoTime();
        await("the room").atMost(BOUND).until(() -> {
            builders.restore(first.sale);
            assertThat(states().values()).doesNotContain(SupervisedWork.State.SILENT);
            return first.raw.hasKey(first.keys.room());
        });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(SILENT_MAX.multipliedBy(3));
        assertThat(tries).hasValue(1);
        assertThat(first.failures.reasons()).isEmpty();
    }
}
