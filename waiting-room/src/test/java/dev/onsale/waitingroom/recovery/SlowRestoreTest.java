package dev.onsale.waitingroom.recovery;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.waitingroom.Database;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A journal that takes longer to read than the lock of a builder lasts. */
@Tag("services")
class SlowRestoreTest {

    private static final Duration LOCK = Duration.ofMillis(300);

    private final RoomFixture room = new RoomFixture().open(5, 5);

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void the_lock_is_renewed_while_the_journal_is_read_and_nobody_else_builds() {
        room.join(ALICE);
        room.writer.write(room.sale);
        room.loseRedis();
        AtomicInteger others = new AtomicInteger();
        Journal slow = new Journal(room.jdbc, new DataSourceTransactionManager(Database.source())) {
            @Override
            public void read(String saleId, Consumer<JournalEntry> reader) {
                super.read(saleId, reader);
                long until = System.nanoTime() + LOCK.multipliedBy(4).toNanos();
                while (System.nanoTime() < until) {
                    // Another node tries all the while, as its round of admission does.
                    if (room.restorer.restore(room.sale)) {
                        others.incrementAndGet();
                    }
                }
            }
        };
        RoomRestorer restorer = new RoomRestorer(
                room.redis, room.store, room.directory, slow, room.entryStore, room.clock, LOCK, BOUND);

        assertThat(restorer.restore(room.sale)).isTrue();

        assertThat(others).hasValue(0);
        assertThat(room.poll(ALICE).position()).isEqualTo(1);
        assertThat(room.raw.hasKey(room.keys.building())).isFalse();
    }
}
