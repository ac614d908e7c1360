package dev.onsale.waitingroom.admission;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.Database;
import dev.onsale.waitingroom.LogLines;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.recovery.RoomRestorer;
import dev.onsale.waitingroom.task.RoomFailures;
import dev.onsale.waitingroom.task.RoomTask;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** Restoring a room that cannot be restored yet, as each round of admission asks for it. */
@Tag("services")
class RoomTasksTest {

    private final RoomFixture room = new RoomFixture().open(5, 5);
    private final AtomicInteger tries = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> trouble = new AtomicReference<>();
    private final RoomRestorer restorer = new RoomRestorer(
            room.redis,
            room.store,
            room.directory,
            new Journal(room.jdbc, new DataSourceTransactionManager(Database.source())) {
                @Override
                public void read(String sale, Consumer<JournalEntry> each) {
                    tries.incrementAndGet();
                    super.read(sale, each);
                    Throwable failure = trouble.get();
                    if (failure instanceof Error error) {
                        throw error;
                    }
                    if (failure instanceof RuntimeException exception) {
                        throw exception;
                    }
                }
            },
            room.entryStore,
            room.clock);
    private final RoomTasks builders = new RoomTasks(restorer, room.opening, room.failures);
    private final LogLines lines = LogLines.of("dev.onsale");

    @AfterEach
    void close() throws Exception {
        lines.close();
        builders.destroy();
        room.close();
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class})
    void a_restoration_that_fails_is_told_once_with_its_reason_tried_again_with_pauses_and_visible(
            Class<? extends Throwable> kind) throws Exception {
        room.join(ALICE);
        room.writer.write(room.sale);
        room.loseRedis();
        trouble.set(kind.getConstructor(String.class).newInstance("injected"));

        long began = System.nanoTime();
        await("three tries").atMost(BOUND).until(() -> {
            builders.restore(room.sale);
            return tries.get() >= 3;
        });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(700));
        assertThat(lines.about(room.sale)).hasSize(1).first().asString().contains("Restoration");
        assertThat(room.failures.reasons())
                .extractingByKey("restoration " + room.sale)
                .asString()
                .contains("injected");
        assertThat(room.metrics
                        .get(RoomFailures.GAUGE)
                        .tag("task", "restoration")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(room.raw.hasKey(room.keys.building()))
                .as("another node may try at once")
                .isFalse();

        trouble.set(null);
        await("the room").atMost(BOUND).until(() -> {
            builders.restore(room.sale);
            return room.raw.hasKey(room.keys.room());
        });
        await("the end of the failure")
                .atMost(BOUND)
                .until(() -> room.failures.reasons().isEmpty());
        assertThat(room.poll(ALICE).position()).isEqualTo(1);
        assertThat(lines.about(room.sale)).anyMatch(line -> line.contains("works again"));
        SupervisedWork work = builders.supervisedWork().iterator().next();
        assertThat(work.failures() > 0).isEqualTo(Error.class.isAssignableFrom(kind));
        assertThat(work.state()).isEqualTo(SupervisedWork.State.RUNNING);
    }

    @Test
    void a_room_that_another_node_builds_is_not_told_to_work_and_not_asked_for_all_the_time() {
        room.join(ALICE);
        room.writer.write(room.sale);
        room.loseRedis();
        trouble.set(new IllegalStateException("injected"));
        await("a failure").atMost(BOUND).until(() -> {
            builders.restore(room.sale);
            return room.failures.isFailing(RoomTask.RESTORATION, room.sale);
        });
        trouble.set(null);
        room.raw.opsForValue().set(room.keys.building(), "another node", Duration.ofSeconds(2));

        await("the other node is gone").atMost(BOUND).until(() -> {
            builders.restore(room.sale);
            if (room.raw.hasKey(room.keys.building()) && tries.get() == 1) {
                assertThat(lines.about(room.sale)).noneMatch(line -> line.contains("works again"));
            }
            return room.raw.hasKey(room.keys.room());
        });
        await("it works").atMost(BOUND).until(() -> lines.about(room.sale).stream()
                .anyMatch(line -> line.contains("works again")));
    }
}
