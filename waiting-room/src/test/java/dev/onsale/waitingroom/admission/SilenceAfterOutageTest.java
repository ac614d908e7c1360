package dev.onsale.waitingroom.admission;

import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.Heartbeats;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorAnswer;
import dev.onsale.waitingroom.recovery.JournalRounds;
import dev.onsale.waitingroom.recovery.RoomMaintenance;
import dev.onsale.waitingroom.room.Leadership;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Nobody could show a sign of life while Redis was away or no node ran. Nobody is dropped for that. */
@Tag("services")
class SilenceAfterOutageTest {

    private static final int VISITORS = 300;
    private static final Duration OUTAGE = Duration.ofMinutes(5);

    private final RoomFixture room = new RoomFixture();

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void a_redis_that_was_away_for_five_minutes_has_everybody_still() {
        fill();
        room.passUnserved(OUTAGE);
        assertNobodyIsDroppedBy(new Node());
        assertTheSilentAreDroppedAfterFiveMoreMinutes();
    }

    @Test
    void a_process_that_starts_again_after_five_minutes_has_everybody_still() {
        fill();
        Node before = new Node();
        before.start();
        before.awaitRounds();
        before.stop();
        room.passUnserved(OUTAGE.plusSeconds(11));
        assertNobodyIsDroppedBy(new Node());
        assertTheSilentAreDroppedAfterFiveMoreMinutes();
    }

    @Test
    void a_redis_that_lost_everything_and_is_restored_after_five_minutes_has_everybody_still() {
        fill();
        room.writer.write(room.sale);
        room.loseRedis();
        room.clock.advance(OUTAGE);
        assertThat(room.restorer.restore(room.sale)).isTrue();
        assertNobodyIsDroppedBy(new Node());
    }

    @Test
    void two_outages_in_a_row_drop_nobody_who_came_back_in_between() {
        fill();
        room.passUnserved(OUTAGE);
        assertNobodyIsDroppedBy(new Node());
        room.passUnserved(OUTAGE);
        assertNobodyIsDroppedBy(new Node());
    }

    private void fill() {
        room.open(1, 5_000);
        Flux.range(0, VISITORS)
                .concatMap(i -> room.visitors.join(room.sale, buyer(i), JoinOrigin.UNKNOWN))
                .blockLast(BOUND);
    }

    /** Admission and sweep run as they do on a node, more than once. */
    private void assertNobodyIsDroppedBy(Node node) {
        node.start();
        try {
            node.awaitRounds();
        } finally {
            node.stop();
        }
        assertThat(room.status().waiting() + room.status().active()).isEqualTo(VISITORS);
        assertThat(room.poll(buyer(VISITORS - 1)).state()).isEqualTo(VisitorAnswer.State.WAITING);
    }

    private void assertTheSilentAreDroppedAfterFiveMoreMinutes() {
        for (int minute = 0; minute < 6; minute++) {
            room.passServed(Duration.ofMinutes(1));
        }
        room.sweep();
        assertThat(room.status().waiting()).isZero();
    }

    /** The loops of one process. */
    private final class Node {
        private final WaitingRoomProperties properties = RoomFixture.properties(100_000, 100);
        private final Leadership leadership = new Leadership(room.redis, properties, room.clock);
        private final AtomicInteger rounds = new AtomicInteger();
        private final AtomicInteger sweeps = new AtomicInteger();
        private final AdmissionLoop loop = new AdmissionLoop(
                room.rooms,
                room.directory,
                new AdmissionRound(room.redis, properties, room.clock) {
                    @Override
                    public Mono<Round> admit(SaleId sale, long fence, int perSecond) {
                        return super.admit(sale, fence, perSecond).doOnNext(round -> rounds.incrementAndGet());
                    }

                    @Override
                    public Mono<Long> sweep(SaleId sale, long from) {
                        return super.sweep(sale, from).doOnNext(next -> sweeps.incrementAndGet());
                    }
                },
                room.autopilot,
                new RoomTasks(room.restorer, room.opening, room.failures),
                leadership,
                room.failures,
                properties);
        private final JournalRounds journal =
                new JournalRounds(room.directory, room.writer, leadership, room.failures, room.metrics);
        private final RoomMaintenance upkeep =
                new RoomMaintenance(room.directory, journal, new Heartbeats(room.redis, 1), room.failures, properties);

        void start() {
            loop.start();
            upkeep.start();
        }

        void awaitRounds() {
            await("rounds of admission and sweep").atMost(BOUND).until(() -> rounds.get() > 5 && sweeps.get() > 10);
        }

        void stop() {
            loop.stop();
            upkeep.stop();
            journal.destroy();
        }
    }
}
