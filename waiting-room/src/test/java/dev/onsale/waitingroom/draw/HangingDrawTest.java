package dev.onsale.waitingroom.draw;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.FENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.Database;
import dev.onsale.waitingroom.HandMovedClock;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A draw that somebody asked for, of a room whose journal hangs. */
@Tag("services")
class HangingDrawTest {

    private static final Instant OPENS = HandMovedClock.NOON.plusSeconds(60);

    private final RoomFixture hanging = opened();
    private final RoomFixture working = opened();
    private volatile boolean hangs = true;
    private volatile boolean begun;
    private final Journal journal = new Journal(hanging.jdbc, new DataSourceTransactionManager(Database.source())) {
        @Override
        public void read(String sale, Consumer<JournalEntry> each) {
            long until = System.nanoTime() + BOUND.multipliedBy(2).toNanos();
            while (hangs && sale.equals(hanging.sale.value()) && System.nanoTime() < until) {
                begun = true;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            super.read(sale, each);
        }
    };
    private final PublishedDraws draws = new PublishedDraws(
            hanging.rooms,
            hanging.watch,
            new OpeningDraw(hanging.redis, hanging.store, journal, hanging.clock),
            Duration.ofSeconds(2));

    private static RoomFixture opened() {
        RoomFixture room = new RoomFixture();
        room.open(RoomFixture.withTimes(RoomFixture.settings(10, 10, null, null), null, OPENS, null));
        room.join(ALICE);
        room.clock.advance(Duration.ofMinutes(2));
        room.admit();
        assertThat(room.opening.run(room.sale, FENCE)).isTrue();
        room.writer.write(room.sale);
        room.watch.forget(room.sale);
        return room;
    }

    @AfterEach
    void close() {
        hangs = false;
        draws.destroy();
        hanging.close();
        working.close();
    }

    @Test
    void a_draw_that_hangs_is_visible_and_does_not_hold_up_those_of_other_rooms() {
        SupervisedWork work = draws.supervisedWork().iterator().next();
        var first = draws.of(hanging.sale).toFuture();
        await("the read that hangs").atMost(BOUND).until(() -> begun);
        var second = draws.of(working.sale).toFuture();
        await("the other draw").atMost(BOUND).until(() -> {
            draws.of(working.sale).subscribe().dispose();
            return second.isDone();
        });
        assertThat(second.join().visitors()).hasSize(1);
        assertThat(first).isNotDone();
        assertThat(work.state()).isEqualTo(SupervisedWork.State.SILENT);

        hangs = false;
        assertThat(first).succeedsWithin(BOUND);
        await("the end").atMost(BOUND).until(() -> work.state() == SupervisedWork.State.RUNNING);
    }
}
