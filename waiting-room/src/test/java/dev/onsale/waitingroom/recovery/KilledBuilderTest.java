package dev.onsale.waitingroom.recovery;

import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.waitingroom.JoinedInDatabase;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.RoomNode;
import dev.onsale.waitingroom.RunningRoom;
import dev.onsale.waitingroom.admission.AdmissionLoop;
import dev.onsale.waitingroom.admission.KilledLeaderTest;
import dev.onsale.waitingroom.room.RoomSettings;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** The process that restores a room is killed half-way: it needs a process of its own to die as a machine does. */
@Tag("services")
class KilledBuilderTest extends RunningRoom {

    private static final int ENTRIES = 50_000;

    @Autowired
    private AdmissionLoop loop;

    @Autowired
    private RoomMaintenance upkeep;

    @Autowired
    private JdbcTemplate jdbc;

    @Test
    void another_node_takes_the_restoration_over_and_nobody_is_lost_or_there_twice() throws Exception {
        RoomFixture.await(rooms.open(sale, settings(5, 5, RoomSettings.Intake.DIRECT)));
        loop.stop();
        upkeep.stop();
        long lostAt;
        try (RoomNode node = RoomNode.start(KilledLeaderTest.settings())) {
            node.awaitReady();
            JoinedInDatabase.write(jdbc, sale, ENTRIES, Instant.now().toEpochMilli());
            lostAt = Instant.now().toEpochMilli();
            raw.delete(raw.keys("onsale:waiting-room:{" + sale + "}:*"));
            await("the restoration is half-way")
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(BOUND)
                    .until(() -> {
                        long waiting = waiting();
                        return waiting > 0 && waiting < ENTRIES;
                    });
            node.kill();
        } finally {
            loop.start();
            upkeep.start();
        }
        assertThat(raw.hasKey(keys.room())).as("nobody sees half a room").isFalse();

        await("the room").atMost(BOUND.multipliedBy(2)).ignoreExceptions().until(() -> status().restoredAt() != null);
        assertThat(waiting() + status().active()).isEqualTo(ENTRIES);
        pause();
        long admitted = status().admittedTotal();
        assertThat(RoomFixture.await(visitors.poll(sale, buyer(ENTRIES))).position())
                .isEqualTo(ENTRIES - admitted);
        assertThat(journal().stream().filter(entry -> entry.kind().name().equals("RESTORED") && entry.at() >= lostAt))
                .hasSize(1);
    }
}
