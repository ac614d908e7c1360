package dev.onsale.waitingroom.room;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.api.InvalidValueException;
import dev.onsale.waitingroom.RoomFixture;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Dates of a room are in the years 1970 to 9999; stored ones outside of them stop nothing. */
@Tag("services")
class RoomDatesTest {

    private final RoomFixture room = new RoomFixture();

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void a_date_outside_the_years_is_refused_wherever_it_stands() {
        for (Instant far : List.of(
                Instant.MAX,
                Instant.MIN,
                Instant.parse("+10000-01-01T00:00:00Z"),
                Instant.parse("1969-12-31T23:59:59.999Z"))) {
            RoomSettings any = RoomSettings.defaults();
            for (RoomSettings settings : List.of(
                    RoomFixture.withTimes(any, far, null, null),
                    RoomFixture.withTimes(any, null, far, null),
                    RoomFixture.withTimes(any, null, null, far))) {
                assertThatThrownBy(() -> room.open(settings)).isInstanceOf(InvalidValueException.class);
            }
        }
        assertThat(room.store.find(room.sale)).isEmpty();
    }

    @Test
    void the_first_and_the_last_instant_are_taken() {
        room.open(RoomFixture.withTimes(
                RoomSettings.defaults(), Instant.EPOCH, null, Instant.parse("9999-12-31T23:59:59.999999999Z")));
        assertThat(room.join(ALICE).position()).isEqualTo(1);
    }

    @Test
    void a_room_that_closed_in_1970_is_closed_and_not_open_for_ever() {
        assertThat(RoomSettings.millis(Instant.EPOCH)).isPositive();
    }

    @Test
    void a_stored_far_date_stops_no_loop() {
        room.store.insert(room.sale, RoomFixture.withTimes(RoomSettings.defaults(), null, null, Instant.MAX));
        room.directory.refresh();
        assertThat(room.restorer.restore(room.sale)).isTrue();
        assertThat(room.join(ALICE).position()).isEqualTo(1);
        assertThat(room.admit().admitted()).isEqualTo(1);
        assertThat(room.status().waiting()).isZero();
    }
}
