package dev.onsale.waitingroom;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpkeepTest {

    @Test
    void a_journal_that_cannot_be_read_stops_no_other() {
        try (RoomFixture damaged = new RoomFixture().open(5, 5);
                RoomFixture alsoDamaged = new RoomFixture().open(5, 5);
                RoomFixture room = new RoomFixture().open(5, 5)) {
            damaged.raw.delete(damaged.keys.journal());
            damaged.raw.opsForValue().set(damaged.keys.journal(), "no journal");
            alsoDamaged.raw.opsForStream().add(alsoDamaged.keys.journal(), Map.of("e", "no entry"));
            room.directory.refresh();
            room.join(ALICE);
            Upkeep upkeep = new Upkeep(
                    room.directory,
                    room.writer,
                    new Heartbeats(room.redis, 1),
                    new Leadership(room.redis, room.properties, room.clock),
                    room.properties,
                    new SimpleMeterRegistry());
            upkeep.start();
            try {
                await("the journal of the other room").atMost(BOUND).until(() -> Long.valueOf(0)
                        .equals(room.raw.opsForStream().size(room.keys.journal())));
            } finally {
                upkeep.stop();
            }
        }
    }
}
