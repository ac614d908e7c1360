package dev.onsale.waitingroom.admission;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOB;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.CAROL;
import static dev.onsale.waitingroom.RoomFixture.FENCE;
import static dev.onsale.waitingroom.RoomFixture.await;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.admission.AdmissionRound.Outcome;
import dev.onsale.waitingroom.admission.AdmissionRound.Round;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorAnswer;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.RoomStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Tag("services")
class AdmissionTest {

    private static final Duration ACTIVE = Duration.ofSeconds(RoomSettings.ACTIVE_SECONDS_DEFAULT);

    private final RoomFixture room = new RoomFixture();

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void the_first_in_the_queue_are_admitted_up_to_the_limit() {
        room.open(2, 100);
        List.of(ALICE, BOB, CAROL).forEach(room::join);

        assertThat(room.admit()).isEqualTo(new Round(Outcome.OK, 2, 0, 0));

        assertThat(room.poll(ALICE).state()).isEqualTo(VisitorAnswer.State.ADMITTED);
        assertThat(room.poll(BOB).state()).isEqualTo(VisitorAnswer.State.ADMITTED);
        assertThat(room.poll(CAROL).position()).isEqualTo(1);
        assertThat(room.admit().admitted()).isZero();
    }

    @Test
    void who_is_admitted_and_joins_again_is_not_queued_again() {
        room.open(2, 100);
        room.join(ALICE);
        room.admit();

        assertThat(room.join(ALICE).state()).isEqualTo(VisitorAnswer.State.ADMITTED);
        assertThat(room.status().waiting()).isZero();
        assertThat(room.admit().admitted()).isZero();
        assertThat(room.status().admittedTotal()).isEqualTo(1);
    }

    @Test
    void leaving_frees_the_place_at_once() {
        room.open(1, 100);
        List.of(ALICE, BOB).forEach(room::join);
        room.admit();

        room.leave(ALICE);

        assertThat(room.admit().admitted()).isEqualTo(1);
        assertThat(room.poll(BOB).state()).isEqualTo(VisitorAnswer.State.ADMITTED);
    }

    @Test
    void a_place_ends_after_its_time_and_not_before() {
        room.open(1, 100);
        List.of(ALICE, BOB).forEach(room::join);
        room.admit();
        room.clock.advance(ACTIVE.minusMillis(1));
        room.poll(BOB);
        assertThat(room.admit().admitted()).isZero();

        room.clock.advance(Duration.ofMillis(1));

        assertThat(room.admit()).isEqualTo(new Round(Outcome.OK, 1, 1, 0));
        assertThat(room.admittedInOrder()).containsExactly("bob");
        assertThat(room.join(ALICE).position()).isEqualTo(1);
    }

    @Test
    void who_joins_again_after_the_place_ended_leaves_nothing_of_it_behind() {
        room.open(1, 100);
        String token = room.admissionTokenOf(ALICE);
        room.enter(ALICE, token);
        room.clock.advance(ACTIVE);

        assertThat(room.join(ALICE).position()).isEqualTo(1);

        assertThat(room.activePlaces()).isZero();
        assertThat(room.admittedInOrder()).isEmpty();
        assertThat(room.status().entered()).isZero();
    }

    @Test
    void who_was_silent_too_long_is_passed_over_when_the_turn_comes() {
        room.open(1, 100);
        List.of(ALICE, BOB).forEach(room::join);
        room.passServed(Duration.ofMinutes(5).minusMillis(1));
        room.poll(BOB);
        room.passServed(Duration.ofMillis(1));

        assertThat(room.admit()).isEqualTo(new Round(Outcome.OK, 1, 0, 1));
        assertThat(room.admittedInOrder()).containsExactly("bob");
    }

    @Test
    void an_outage_passes_nobody_over_and_silence_counts_from_its_end() {
        room.open(1, 100);
        List.of(ALICE, BOB).forEach(room::join);
        room.admit();
        room.leave(ALICE);
        room.clock.advance(Duration.ofHours(1));
        assertThat(room.admit()).isEqualTo(new Round(Outcome.OK, 1, 0, 0));
        room.join(CAROL);
        room.passServed(Duration.ofMinutes(5));
        room.leave(BOB);
        assertThat(room.admit()).isEqualTo(new Round(Outcome.OK, 0, 0, 1));
    }

    @Test
    void a_paused_room_admits_nobody_and_keeps_the_places() {
        room.open(2, 100);
        room.join(ALICE);
        await(room.rooms.setControl(room.sale, RoomStatus.Control.PAUSED));
        assertThat(room.admit().outcome()).isEqualTo(Outcome.PAUSED);
        assertThat(room.join(BOB).position()).isEqualTo(2);
        assertThat(room.poll(BOB).paused()).isTrue();
        assertThat(room.poll(BOB).estimate()).as("nobody knows").isNull();

        await(room.rooms.setControl(room.sale, RoomStatus.Control.OPEN));
        assertThat(room.poll(BOB).paused()).isNull();

        assertThat(room.admit().admitted()).isEqualTo(2);
        assertThat(room.admittedInOrder()).containsExactly("alice", "bob");
    }

    @Test
    void settings_change_under_way_and_a_lower_limit_throws_nobody_out() {
        room.open(2, 100);
        List.of(ALICE, BOB, CAROL).forEach(room::join);
        room.admit();
        await(room.rooms.setControl(room.sale, RoomStatus.Control.PAUSED));

        assertThat(await(room.rooms.open(room.sale, RoomFixture.settings(1, 100, 60, 120))))
                .isFalse();
        await(room.rooms.openIfAbsent(room.sale, RoomSettings.defaults()));

        RoomStatus status = room.status();
        assertThat(status.state()).isEqualTo(RoomStatus.Control.PAUSED);
        assertThat(status.activeLimit()).isEqualTo(1);
        assertThat(status.activeSeconds()).isEqualTo(60);
        assertThat(status.tokenSeconds()).isEqualTo(120);
        assertThat(status.active()).isEqualTo(2);
        await(room.rooms.setControl(room.sale, RoomStatus.Control.OPEN));
        room.leave(ALICE);
        assertThat(room.admit().admitted()).isZero();
        room.leave(BOB);
        assertThat(room.admit().admitted()).isEqualTo(1);
    }

    @Test
    void two_leaders_share_the_rate_of_a_second() {
        room.open(1_000, 7);
        joinAll(100);
        AdmissionRound other = room.counterAt(room.clock);

        assertThat(room.admit().admitted()).isEqualTo(7);
        assertThat(await(other.admit(room.sale, FENCE, Integer.MAX_VALUE)).admitted())
                .isZero();
        room.clock.advance(Duration.ofMillis(999));
        assertThat(room.admit().admitted()).isZero();
        room.clock.advance(Duration.ofMillis(1));
        assertThat(await(other.admit(room.sale, FENCE, Integer.MAX_VALUE)).admitted())
                .isEqualTo(7);
        assertThat(room.admit().admitted()).isZero();
    }

    @Test
    void a_leader_whose_clock_lags_cannot_open_a_second_again() {
        room.open(1_000, 7);
        joinAll(100);
        AdmissionRound lagging = room.counterAt(Clock.offset(room.clock, Duration.ofSeconds(-1)));

        assertThat(room.admit().admitted()).isEqualTo(7);
        assertThat(await(lagging.admit(room.sale, FENCE, Integer.MAX_VALUE)).admitted())
                .isZero();
    }

    @Test
    void a_leader_whose_clock_was_far_ahead_does_not_stop_the_room() {
        room.open(1_000, 7);
        joinAll(100);
        await(room.counterAt(Clock.offset(room.clock, Duration.ofMinutes(4)))
                .admit(room.sale, FENCE, Integer.MAX_VALUE));

        assertThat(room.admit().admitted()).isEqualTo(7);
    }

    @Test
    void an_old_leader_is_refused_once_a_newer_one_has_admitted() {
        room.open(1, 100);
        List.of(ALICE, BOB).forEach(room::join);
        await(room.counter.admit(room.sale, 8, Integer.MAX_VALUE));
        room.leave(ALICE);

        assertThat(await(room.counter.admit(room.sale, 7, Integer.MAX_VALUE)).outcome())
                .isEqualTo(Outcome.STALE_LEADER);
        assertThat(room.status().active()).isZero();
    }

    @Test
    void two_leaders_at_once_admit_everybody_once_in_the_order_of_the_queue() {
        int visitors = 2_000;
        room.open(visitors, 37);
        joinAll(visitors);
        AdmissionRound other = room.counterAt(room.clock);

        int admitted = 0;
        for (int second = 0; second <= visitors / 37; second++) {
            List<Round> rounds = await(Flux.range(0, 8)
                    .flatMap(i -> (i % 2 == 0 ? room.counter : other).admit(room.sale, FENCE, Integer.MAX_VALUE))
                    .collectList());
            int inThisSecond = rounds.stream().mapToInt(Round::admitted).sum();
            assertThat(inThisSecond).isLessThanOrEqualTo(37);
            admitted += inThisSecond;
            room.clock.advance(Duration.ofSeconds(1));
        }

        assertThat(admitted).isEqualTo(visitors);
        assertThat(room.admittedInOrder())
                .isEqualTo(IntStream.range(0, visitors)
                        .mapToObj(i -> buyer(i).value())
                        .toList());
        assertThat(room.status().admittedTotal()).isEqualTo(visitors);
    }

    private void joinAll(int visitors) {
        Flux.range(0, visitors)
                .concatMap(i -> room.visitors.join(room.sale, buyer(i), JoinOrigin.UNKNOWN))
                .blockLast(BOUND);
    }

    @Test
    void nobody_is_in_the_queue_and_at_the_counter_at_once() {
        room.open(50, 5_000);
        Mono<Void> joins = Flux.range(0, 1_000)
                .flatMap(i -> room.visitors.join(room.sale, buyer(i % 100), JoinOrigin.UNKNOWN), 64)
                .then();
        Mono<Void> rounds = Flux.range(0, 200)
                .flatMap(i -> room.counter.admit(room.sale, FENCE, Integer.MAX_VALUE), 2)
                .then();

        Mono.when(joins, rounds).block(BOUND);

        List<String> active = room.admittedInOrder();
        assertThat(active).hasSize(50).doesNotHaveDuplicates();
        assertThat(room.raw.opsForZSet().range(room.keys.queue(), 0, -1))
                .hasSize(50)
                .doesNotContainAnyElementsOf(active);
        assertThat(room.status().admittedTotal()).isEqualTo(50);
    }
}
