package dev.onsale.waitingroom.room;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.RefusalCode;
import dev.onsale.waitingroom.LogLines;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.task.RoomFailures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of the table of rooms that make no room: by hand, by a restored backup, by another version. */
@Tag("services")
class RoomStoreTest {

    private final RoomFixture room = new RoomFixture().open(5, 5);
    private final RoomFixture damaged = new RoomFixture().open(5, 5);

    @AfterEach
    void close() {
        damaged.close();
        room.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "settings | ''",
                "settings | {",
                "settings | null",
                "settings | []",
                "settings | 7",
                "settings | {\"activeLimit\":0}",
                "settings | {\"activeLimit\":\"many\"}",
                "settings | {\"opensAt\":\"soon\"}",
                "settings | {\"intake\":\"PIGEON\"}",
                "control | AJAR",
                "control | ''",
                "seed | zz",
                "seed | ''"
            })
    void a_row_that_cannot_be_read_is_told_once_and_hides_no_other_room(String column, String value) {
        room.directory.refresh();
        try (LogLines lines = LogLines.of(RoomFailures.class)) {
            set(damaged, column, value);
            for (int times = 0; times < 5; times++) {
                room.directory.refresh();
            }
            assertThat(room.directory.find(room.sale)).isNotNull();
            assertThat(room.directory.find(damaged.sale))
                    .as("as it was read before")
                    .isNotNull();
            assertThat(lines.about(damaged.sale)).hasSize(1);
            assertThat(room.rooms.all().block(BOUND)).contains(damaged.sale.value(), room.sale.value());

            RoomDirectory ofAnotherNode = new RoomDirectory(room.store, new RoomFailures(damaged.metrics));
            ofAnotherNode.refresh();
            assertThat(ofAnotherNode.find(room.sale)).isNotNull();
            assertThat(ofAnotherNode.find(damaged.sale)).isNull();
        }
    }

    @Test
    void a_row_whose_name_is_no_sale_hides_no_other_room() {
        room.jdbc.update("INSERT INTO waiting_room (sale_id, settings, control, seed, epoch, deleted, created_at,"
                + " active_limit_max) VALUES ('no sale!', '{}', 'OPEN', REPEAT('0', 64), 1, FALSE, 0, 1)");
        try {
            room.directory.refresh();
            assertThat(room.directory.find(room.sale)).isNotNull();
            assertThat(room.failures.reasons()).containsKey("settings no sale!");
        } finally {
            room.jdbc.update("DELETE FROM waiting_room WHERE sale_id = 'no sale!'");
        }
        room.directory.refresh();
        assertThat(room.failures.reasons()).isEmpty();
    }

    @Test
    void settings_that_cannot_be_read_refuse_the_room_and_setting_them_again_mends_it() {
        set(damaged, "settings", "{");
        assertRefused(
                RefusalCode.TEMPORARILY_UNAVAILABLE,
                () -> RoomFixture.await(new Rooms(
                                room.store,
                                new RoomDirectory(room.store, new RoomFailures(damaged.metrics)),
                                room.watch,
                                room.restorer,
                                room.autopilot,
                                room.redis,
                                room.clock)
                        .definition(damaged.sale)));

        assertThat(RoomFixture.await(room.rooms.open(damaged.sale, RoomSettings.defaults())))
                .isFalse();
        room.directory.refresh();
        assertThat(room.failures.reasons()).isEmpty();
    }

    private static void set(RoomFixture room, String column, String value) {
        room.jdbc.update("UPDATE waiting_room SET " + column + " = ? WHERE sale_id = ?", value, room.sale.value());
    }
}
