package dev.onsale.waitingroom.intake;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.admission.OpenHolds;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Facts carry instants of the database's clock; the room goes by that of Redis. An offset between the two changes no place. */
@Tag("services")
class ReservationFollowerTest {

    private static final ReservationId RESERVATION = ReservationId.next();

    private final RoomFixture room = new RoomFixture();
    private final OpenHolds holds = new OpenHolds(room.redis, room.watch, room.clock);

    @BeforeEach
    void inside() {
        room.open(RoomFixture.settings(5, 5, 15, null));
        room.enter(ALICE, room.admissionTokenOf(ALICE));
        room.clock.advance(Duration.ofSeconds(5));
    }

    @AfterEach
    void close() {
        room.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3_600, -3_600, 2, -2})
    void a_place_lasts_as_long_as_the_hold_whatever_the_offset(long offsetSeconds) throws Exception {
        Clock database = Clock.offset(room.clock, Duration.ofSeconds(offsetSeconds));
        Instant heldUntil = database.instant().plus(Duration.ofMinutes(5));
        follower(database).onMessage(List.of(fact("onsale.reservation-held.v1", "heldUntil", heldUntil)));

        room.clock.advance(Duration.ofMinutes(5).minusMillis(1));
        room.admit();
        assertThat(room.isActive(ALICE)).isTrue();
        room.clock.advance(Duration.ofMillis(1));
        room.admit();
        assertThat(room.isActive(ALICE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3_600, -3_600, 2, -2})
    void the_end_of_a_reservation_frees_the_place_and_an_old_end_does_not_whatever_the_offset(long offsetSeconds)
            throws Exception {
        Clock database = Clock.offset(room.clock, Duration.ofSeconds(offsetSeconds));
        Instant beforeTheAdmission = database.instant().minusSeconds(6);
        follower(database).onMessage(List.of(fact("onsale.reservation-expired.v1", "expiredAt", beforeTheAdmission)));
        assertThat(room.isActive(ALICE)).isTrue();

        follower(database)
                .onMessage(List.of(fact("onsale.reservation-cancelled.v1", "cancelledAt", database.instant())));
        assertThat(room.isActive(ALICE)).isFalse();
    }

    private ReservationFollower follower(Clock database) {
        return new ReservationFollower(holds, RoomFixture.JSON, database);
    }

    private ConsumerRecord<String, byte @Nullable []> fact(String type, String name, Instant at) {
        String json = "{\"performanceId\":\"%s\",\"buyerId\":\"%s\",\"reservationId\":\"%s\",\"%s\":\"%s\"}"
                .formatted(room.sale.value(), ALICE.value(), RESERVATION, name, at);
        ConsumerRecord<String, byte @Nullable []> record = new ConsumerRecord<>(
                Topics.RESERVATION_EVENTS, 0, 0, room.sale.value(), json.getBytes(StandardCharsets.UTF_8));
        record.headers().add(Topics.HEADER_TYPE, type.getBytes(StandardCharsets.UTF_8));
        return record;
    }
}
