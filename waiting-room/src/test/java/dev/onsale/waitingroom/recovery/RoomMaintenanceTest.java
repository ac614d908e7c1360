package dev.onsale.waitingroom.recovery;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOB;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.CAROL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.LogLines;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.Heartbeats;
import dev.onsale.waitingroom.room.Leadership;
import dev.onsale.waitingroom.task.RoomFailures;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

@Tag("services")
class RoomMaintenanceTest {

    private final RoomFixture room = new RoomFixture().open(5, 5);
    private final Leadership leadership = new Leadership(room.redis, room.properties, room.clock);
    private final Heartbeats heartbeats = new Heartbeats(room.redis, 100);

    @AfterEach
    void close() {
        leadership.resign().block(BOUND);
        room.close();
    }

    private JournalRounds journal(JournalWriter writer) {
        return new JournalRounds(room.directory, writer, leadership, room.failures, room.metrics);
    }

    private RoomMaintenance upkeep(JournalRounds journal) {
        return new RoomMaintenance(room.directory, journal, heartbeats, room.failures, room.properties);
    }

    @Test
    void a_journal_that_cannot_be_read_or_written_stops_no_other_and_is_told_once() {
        try (RoomFixture wrongType = new RoomFixture().open(5, 5);
                RoomFixture noEntry = new RoomFixture().open(5, 5);
                RoomFixture tooLong = new RoomFixture().open(5, 5);
                RoomFixture wrongSigns = new RoomFixture().open(5, 5);
                LogLines lines = LogLines.of(RoomFailures.class)) {
            wrongType.raw.delete(wrongType.keys.journal());
            wrongType.raw.opsForValue().set(wrongType.keys.journal(), "no journal");
            noEntry.raw.opsForStream().add(noEntry.keys.journal(), Map.of("e", "no entry"));
            tooLong.raw
                    .opsForStream()
                    .add(tooLong.keys.journal(), Map.of("e", "LEFT 1 a 1 " + "x".repeat(100) + " 0 0"));
            wrongSigns.raw.delete(wrongSigns.keys.seen());
            wrongSigns.raw.opsForHash().put(wrongSigns.keys.seen(), "no", "signs");
            room.directory.refresh();
            room.join(ALICE);
            RoomMaintenance upkeep = upkeep(journal(room.writer));
            upkeep.start();
            try {
                heartbeats.sign(wrongSigns.sale, 1, 1).block(BOUND);
                heartbeats.sign(room.sale, 7, 0x41424344).block(BOUND);
                await("all is written or told").atMost(BOUND).untilAsserted(() -> {
                    leadership.lead().block(BOUND);
                    assertThat(room.raw.opsForStream().size(room.keys.journal()))
                            .isZero();
                    assertThat(room.raw.opsForValue().get(room.keys.seen(), 28, 31))
                            .isEqualTo("ABCD");
                    assertThat(room.failures.reasons()).hasSize(4);
                });
                await("several failures of each").atMost(BOUND).until(() -> {
                    leadership.lead().block(BOUND);
                    return failures("journal") >= 12;
                });
                for (RoomFixture damaged : new RoomFixture[] {wrongType, noEntry, tooLong, wrongSigns}) {
                    assertThat(lines.about(damaged.sale)).hasSize(1);
                }
                assertThat(age()).isLessThan(5);
                assertThat(lines.about(room.sale)).isEmpty();

                noEntry.raw.delete(noEntry.keys.journal());
                await("the end of the failure").atMost(BOUND).until(() -> {
                    leadership.lead().block(BOUND);
                    return lines.about(noEntry.sale).size() == 2;
                });
            } finally {
                upkeep.stop();
            }
        }
    }

    @Test
    void a_journal_that_hangs_stops_no_other() {
        CountDownLatch over = new CountDownLatch(1);
        try (RoomFixture hanging = new RoomFixture().open(5, 5)) {
            room.directory.refresh();
            JournalRounds journal = journal(new JournalWriter(room.redis, room.journal) {
                @Override
                public int write(SaleId sale) {
                    if (sale.equals(hanging.sale)) {
                        try {
                            over.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    return super.write(sale);
                }
            });
            try {
                for (var buyer : new dev.onsale.api.BuyerId[] {ALICE, BOB, CAROL}) {
                    room.join(buyer);
                    // A round waits for a slow room for a moment only, and this one may be slow, too.
                    await("the journal of the other room").atMost(BOUND).until(() -> {
                        leadership.lead().block(BOUND);
                        journal.round();
                        return Long.valueOf(0).equals(room.raw.opsForStream().size(room.keys.journal()));
                    });
                }
                over.countDown();
                await("the other one").atMost(BOUND).until(() -> {
                    leadership.lead().block(BOUND);
                    journal.round();
                    return Long.valueOf(0).equals(hanging.raw.opsForStream().size(hanging.keys.journal()));
                });
            } finally {
                over.countDown();
                journal.destroy();
            }
        }
    }

    @Test
    void an_outage_is_told_of_the_work_and_of_no_room_and_errors_give_the_lead_up() {
        AtomicBoolean error = new AtomicBoolean();
        JournalRounds journal = journal(new JournalWriter(room.redis, room.journal) {
            @Override
            public int write(SaleId sale) {
                if (error.get()) {
                    throw new StackOverflowError("injected");
                }
                throw new DataAccessResourceFailureException("injected");
            }
        });
        SupervisedWork work = journal.supervisedWork().iterator().next();
        try (LogLines lines = LogLines.of("dev.onsale")) {
            work.started();
            leadership.lead().block(BOUND);
            for (int round = 0; round < 20; round++) {
                journal.round();
            }
            assertThat(room.failures.reasons()).isEmpty();
            assertThat(lines.warnings()).hasSize(1);
            assertThat(work.state()).isEqualTo(SupervisedWork.State.RETRYING);
            assertThat(leadership.leads()).isTrue();

            error.set(true);
            for (int round = 0; round < 5; round++) {
                journal.round();
            }
            assertThat(work.state()).isEqualTo(SupervisedWork.State.FAILED);
            assertThat(leadership.leads()).isFalse();
            assertThat(RoomFixture.await(leadership.lead())).isEqualTo(Leadership.NOT_LEADING);
            journal.round();
            assertThat(work.state()).as("a node that only watches").isEqualTo(SupervisedWork.State.FAILED);
        } finally {
            journal.destroy();
        }
    }

    private double failures(String task) {
        return room.metrics
                .get(RoomFailures.COUNTER)
                .tag("task", task)
                .counter()
                .count();
    }

    private double age() {
        return room.metrics.get(JournalRounds.AGE).gauge().value();
    }
}
