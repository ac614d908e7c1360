package dev.onsale.waitingroom.admission;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.ReservationId;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.queue.VisitorAnswer.State;
import dev.onsale.waitingroom.room.RoomStatus;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A place lasts as long as its buyer has an open reservation. */
@Tag("services")
class OpenHoldsTest {

    private static final ReservationId FIRST = ReservationId.next();
    private static final ReservationId SECOND = ReservationId.next();

    private final RoomFixture room = new RoomFixture();
    private final OpenHolds holds = new OpenHolds(room.redis, room.watch, room.clock);

    @BeforeEach
    void inside() {
        room.open(RoomFixture.settings(5, 5, 15, null));
        room.enter(ALICE, room.admissionTokenOf(ALICE));
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void the_place_lasts_until_the_last_hold_ends() throws Exception {
        hold(FIRST, Duration.ofMinutes(5));
        hold(SECOND, Duration.ofMinutes(30));
        room.clock.advance(Duration.ofMinutes(29));
        room.admit();
        assertThat(room.isActive(ALICE)).isTrue();
        room.clock.advance(Duration.ofMinutes(1));
        room.admit();
        assertThat(room.isActive(ALICE)).isFalse();
    }

    @Test
    void a_short_hold_does_not_shorten_the_place() throws Exception {
        hold(FIRST, Duration.ofSeconds(1));
        room.clock.advance(Duration.ofSeconds(14));
        room.admit();
        assertThat(room.isActive(ALICE)).isTrue();
    }

    @Test
    void only_the_end_of_the_last_open_reservation_frees_the_place() throws Exception {
        hold(FIRST, Duration.ofMinutes(5));
        hold(SECOND, Duration.ofMinutes(5));
        end(FIRST);
        end(FIRST);
        assertThat(room.isActive(ALICE)).isTrue();
        end(SECOND);
        assertThat(room.isActive(ALICE)).isFalse();
        assertThat(room.poll(ALICE).reason()).isEqualTo("COMPLETED");
    }

    @Test
    void a_hold_that_is_told_after_its_end_opens_nothing() throws Exception {
        hold(SECOND, Duration.ofMinutes(5));
        end(FIRST);
        hold(FIRST, Duration.ofMinutes(30));
        end(SECOND);
        assertThat(room.isActive(ALICE)).isFalse();
    }

    @Test
    void open_reservations_outlive_a_paused_room_and_a_lost_redis() throws Exception {
        hold(FIRST, Duration.ofMinutes(5));
        hold(SECOND, Duration.ofMinutes(5));
        RoomFixture.await(room.rooms.setControl(room.sale, RoomStatus.Control.PAUSED));
        room.writer.write(room.sale);
        room.loseRedis();
        assertThat(room.restorer.restore(room.sale)).isTrue();
        room.clock.advance(Duration.ofMinutes(4));
        end(FIRST);
        room.admit();
        assertThat(room.isActive(ALICE)).isTrue();
        end(SECOND);
        assertThat(room.isActive(ALICE)).isFalse();
    }

    @Test
    void who_comes_back_with_an_open_hold_stays_until_it_ends() throws Exception {
        hold(FIRST, Duration.ofMinutes(30));
        room.leave(ALICE);
        assertThat(room.poll(ALICE).state()).isEqualTo(State.LEFT);
        room.clock.advance(Duration.ofSeconds(2));
        room.enter(ALICE, room.admissionTokenOf(ALICE));
        room.clock.advance(Duration.ofMinutes(20));
        room.admit();
        assertThat(room.isActive(ALICE)).isTrue();
    }

    @Test
    void a_hold_told_directly_and_through_kafka_counts_once() throws Exception {
        Duration halfAnHour = Duration.ofMinutes(30);
        told(FIRST, halfAnHour);
        long journal = journalLength();
        holds.held(room.sale, ALICE, FIRST, halfAnHour).block(BOUND);
        told(FIRST, halfAnHour);
        assertThat(journalLength()).isEqualTo(journal);
        room.clock.advance(Duration.ofMinutes(29));
        room.admit();
        assertThat(room.isActive(ALICE)).isTrue();
        end(FIRST);
        told(FIRST, halfAnHour);
        assertThat(room.isActive(ALICE)).isFalse();
    }

    @Test
    void a_hold_told_directly_after_its_end_opens_nothing() throws Exception {
        Duration halfAnHour = Duration.ofMinutes(30);
        holds.held(room.sale, ALICE, SECOND, halfAnHour).block(BOUND);
        end(FIRST);
        told(FIRST, halfAnHour);
        end(SECOND);
        assertThat(room.isActive(ALICE)).isFalse();
    }

    @Test
    void a_hold_in_a_sale_without_a_room_is_no_failure() {
        assertThat(holds.held("no-room-here", ALICE, FIRST, Duration.ZERO)).succeedsWithin(BOUND);
    }

    private void told(ReservationId reservation, Duration remaining) {
        assertThat(holds.held(room.sale.value(), ALICE, reservation, remaining)).succeedsWithin(BOUND);
    }

    private long journalLength() {
        Long length = room.raw.opsForStream().size(room.keys.journal());
        return length == null ? 0 : length;
    }

    private void hold(ReservationId reservation, Duration time) {
        holds.held(room.sale, ALICE, reservation, time).block(BOUND);
    }

    private void end(ReservationId reservation) {
        holds.ended(room.sale, ALICE, reservation, Duration.ZERO).block(BOUND);
    }
}
