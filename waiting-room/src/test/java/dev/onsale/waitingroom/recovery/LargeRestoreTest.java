package dev.onsale.waitingroom.recovery;

import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.waitingroom.JoinedInDatabase;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorAnswer.State;
import dev.onsale.waitingroom.queue.VisitorService;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A room with many visitors comes back from its journal. {@code -Donsale.restore.entries=2000000} takes as many as the default
 * limit of a queue; the time is in docs/performance.md.
 */
@Tag("services")
class LargeRestoreTest {

    private static final int ENTRIES = Integer.getInteger("onsale.restore.entries", 50_000);
    private static final Duration RESTORE_MAX = Duration.ofMinutes(5);

    private final RoomFixture room = new RoomFixture().open(5, 5);

    @AfterEach
    void close() {
        room.jdbc.update("DELETE FROM waiting_room_journal WHERE sale_id = ?", room.sale.value());
        room.close();
    }

    @Test
    void everybody_is_back_in_order_while_another_node_tries_all_the_time() throws Exception {
        JoinedInDatabase.write(room, ENTRIES);
        room.loseRedis();
        AtomicInteger tries = new AtomicInteger();
        long began = System.nanoTime();

        CompletableFuture<Boolean> restored = CompletableFuture.supplyAsync(() -> room.restorer.restore(room.sale));
        await("the restoration").atMost(RESTORE_MAX).until(() -> {
            if (!restored.isDone() && room.raw.hasKey(room.keys.building())) {
                // The other node is told that the room is there only when everybody is back.
                if (room.restorer.restore(room.sale)) {
                    assertThat(room.status().waiting()).isEqualTo(ENTRIES);
                }
                tries.incrementAndGet();
            }
            return restored.isDone();
        });

        assertThat(restored.get(1, TimeUnit.SECONDS)).isTrue();
        System.out.printf(
                "Restored %,d entries in %,d ms%n", ENTRIES, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        assertThat(tries).hasPositiveValue();
        assertThat(room.status().waiting()).isEqualTo(ENTRIES);
        for (int number : new int[] {1, 2, ENTRIES / 2, ENTRIES}) {
            assertThat(room.poll(buyer(number)).position()).isEqualTo(number);
        }
        room.admit();
        assertThat(room.poll(buyer(1)).state()).isEqualTo(State.ADMITTED);
        VisitorService roomy = room.visitorsOf(RoomFixture.properties(ENTRIES + 10, 1_000));
        assertThat(RoomFixture.await(roomy.join(room.sale, RoomFixture.ALICE, JoinOrigin.UNKNOWN))
                        .position())
                .isEqualTo(ENTRIES - 5 + 1);
        assertThat(room.raw.opsForValue().get(room.keys.sequence())).isEqualTo(Integer.toString(ENTRIES + 1));
        await("nothing is left").atMost(BOUND).until(() -> !room.raw.hasKey(room.keys.building()));
    }
}
