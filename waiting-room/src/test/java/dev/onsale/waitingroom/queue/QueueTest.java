package dev.onsale.waitingroom.queue;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOB;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.CAROL;
import static dev.onsale.waitingroom.RoomFixture.await;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.RefusalCode;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.admission.AdmissionRound;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.RoomStatus;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

@Tag("services")
class QueueTest {

    private static final Duration SILENCE = Duration.ofMinutes(5);

    private final RoomFixture room = new RoomFixture().open(10, 10);

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void visitors_stand_in_the_order_in_which_they_came() {
        assertWaiting(room.join(ALICE), 1, 1);
        assertWaiting(room.join(BOB), 2, 2);
        assertWaiting(room.poll(ALICE), 1, 2);
    }

    @Test
    void joining_again_and_polling_keep_the_place() {
        room.join(ALICE);
        room.join(BOB);
        room.clock.advance(Duration.ofMinutes(1));

        assertThat(room.join(ALICE).position()).isEqualTo(1);
        assertThat(room.poll(ALICE).position()).isEqualTo(1);
        assertThat(room.join(BOB).position()).isEqualTo(2);
        assertThat(room.status().waiting()).isEqualTo(2);
    }

    @Test
    void a_thousand_joins_of_one_buyer_at_once_are_one_place() {
        room.join(BOB);

        var positions = Flux.range(0, 1_000)
                .flatMap(i -> room.visitors.join(room.sale, ALICE, JoinOrigin.UNKNOWN), 256)
                .map(VisitorAnswer::position)
                .distinct()
                .collectList();

        assertThat(await(positions)).containsExactly(2L);
        assertThat(room.status().waiting()).isEqualTo(2);
    }

    @Test
    void a_clock_that_goes_back_changes_no_order() {
        room.join(ALICE);
        room.clock.advance(Duration.ofHours(-1));
        room.join(BOB);

        assertThat(room.poll(BOB).position()).isEqualTo(2);
    }

    @Test
    void who_leaves_gives_up_the_place_and_the_next_move_up() {
        room.join(ALICE);
        room.join(BOB);

        room.leave(ALICE);
        room.leave(ALICE);

        assertThat(room.poll(BOB).position()).isEqualTo(1);
        assertThat(room.poll(ALICE).state()).isEqualTo(VisitorAnswer.State.LEFT);
        assertThat(room.poll(ALICE).reason()).isEqualTo("LEFT");
        assertThat(room.join(ALICE).position()).isEqualTo(2);
    }

    @Test
    void the_silent_are_removed_after_five_minutes_and_not_before() {
        room.join(ALICE);
        room.join(BOB);
        room.passServed(SILENCE.minusMillis(1));
        room.sweep();
        assertThat(room.status().waiting()).isEqualTo(2);

        room.poll(BOB);
        room.passServed(Duration.ofMillis(1));
        room.sweep();

        assertThat(room.status().waiting()).isEqualTo(1);
        assertThat(room.poll(BOB).position()).isEqualTo(1);
        assertThat(room.poll(ALICE).reason()).isEqualTo("SILENT");
        assertRefused(RefusalCode.VISITOR_NOT_FOUND, () -> room.poll(CAROL));
    }

    @Test
    void an_outage_empties_no_queue_and_silence_counts_from_its_end() {
        room.join(ALICE);
        room.join(BOB);
        room.clock.advance(SILENCE);
        room.sweep();
        assertThat(room.status().waiting()).isEqualTo(2);

        room.passServed(SILENCE.minusMillis(1));
        room.poll(BOB);
        room.sweep();
        assertThat(room.status().waiting()).isEqualTo(2);

        room.passServed(Duration.ofMillis(1));
        room.sweep();
        assertThat(room.poll(ALICE).reason()).isEqualTo("SILENT");
        assertThat(room.status().waiting()).isEqualTo(1);
    }

    @Test
    void a_sweep_of_a_lost_room_leaves_nothing_behind() {
        room.join(ALICE);
        room.loseRedis();
        room.sweep();
        assertThat(room.raw.hasKey(room.keys.room())).isFalse();
    }

    @Test
    void the_silent_are_removed_in_batches_of_a_thousand() {
        Flux.range(0, 2_500)
                .flatMap(i -> room.visitors.join(room.sale, buyer(i), JoinOrigin.UNKNOWN), 256)
                .blockLast(BOUND);
        room.passServed(SILENCE);

        assertThat(await(room.counter.sweep(room.sale, 0))).isEqualTo(1_001);
        assertThat(room.status().waiting()).isEqualTo(1_500);
        assertThat(await(room.counter.sweep(room.sale, 1_001))).isEqualTo(2_001);
        assertThat(await(room.counter.sweep(room.sale, 2_001))).isEqualTo(3_001);
        assertThat(await(room.counter.sweep(room.sale, 3_001))).isZero();
        assertThat(room.status().waiting()).isZero();
    }

    @Test
    void a_full_room_takes_nobody_and_keeps_those_who_are_in() {
        VisitorService small = room.visitorsOf(RoomFixture.properties(2, 1_000));
        await(small.join(room.sale, ALICE, JoinOrigin.UNKNOWN));
        await(small.join(room.sale, BOB, JoinOrigin.UNKNOWN));

        assertRefused(RefusalCode.WAITING_ROOM_FULL, () -> await(small.join(room.sale, CAROL, JoinOrigin.UNKNOWN)));
        assertThat(await(small.join(room.sale, BOB, JoinOrigin.UNKNOWN)).position())
                .isEqualTo(2);
    }

    @Test
    void a_sale_without_a_room_is_not_found() {
        SaleId unknown = SaleId.of("unknown");

        assertRefused(
                RefusalCode.WAITING_ROOM_NOT_FOUND,
                () -> await(room.visitors.join(unknown, ALICE, JoinOrigin.UNKNOWN)));
        assertRefused(RefusalCode.WAITING_ROOM_NOT_FOUND, () -> await(room.visitors.poll(unknown, ALICE)));
        assertRefused(
                RefusalCode.WAITING_ROOM_NOT_FOUND,
                () -> room.visitors.leave(unknown, ALICE).block(BOUND));
        assertRefused(RefusalCode.WAITING_ROOM_NOT_FOUND, () -> await(room.rooms.status(unknown)));
        assertRefused(
                RefusalCode.WAITING_ROOM_NOT_FOUND,
                () -> await(room.rooms.setControl(unknown, RoomStatus.Control.PAUSED)));
        assertThat(await(room.counter.admit(unknown, 1, 1)).outcome()).isEqualTo(AdmissionRound.Outcome.NO_ROOM);
    }

    private static void assertWaiting(VisitorAnswer answer, long position, long total) {
        assertThat(answer.state()).isEqualTo(VisitorAnswer.State.WAITING);
        assertThat(answer.position()).isEqualTo(position);
        assertThat(answer.totalWaiting()).isGreaterThanOrEqualTo(Math.min(position, total));
        assertThat(answer.pollAfterMillis()).isBetween(1_000L, 1_200L);
    }
}
