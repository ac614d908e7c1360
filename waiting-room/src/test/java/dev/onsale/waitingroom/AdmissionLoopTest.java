package dev.onsale.waitingroom;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOB;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class AdmissionLoopTest {

    private final RoomFixture room = new RoomFixture().open(1, 100);
    private final WaitingRoomProperties properties = RoomFixture.properties(100_000, 100);

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void one_node_leads_until_it_resigns_and_the_next_has_a_higher_fence() {
        Leadership first = new Leadership(room.redis, properties, room.clock);
        Leadership second = new Leadership(room.redis, properties, room.clock);

        long fence = RoomFixture.await(first.lead());

        assertThat(fence).isNotEqualTo(Leadership.NOT_LEADING);
        assertThat(RoomFixture.await(second.lead())).isEqualTo(Leadership.NOT_LEADING);
        assertThat(RoomFixture.await(first.lead())).isEqualTo(fence);
        second.resign().block(BOUND);
        assertThat(RoomFixture.await(second.lead())).isEqualTo(Leadership.NOT_LEADING);

        first.resign().block(BOUND);

        assertThat(RoomFixture.await(second.lead())).isGreaterThan(fence);
        assertThat(RoomFixture.await(first.lead())).isEqualTo(Leadership.NOT_LEADING);
        second.resign().block(BOUND);
    }

    @Test
    void a_leader_that_died_is_followed_when_its_lease_ends() {
        WaitingRoomProperties shortLease = RoomFixture.properties(10, 10, Duration.ofMillis(300));
        Leadership dead = new Leadership(room.redis, shortLease, room.clock);
        Leadership next = new Leadership(room.redis, shortLease, room.clock);
        long fence = RoomFixture.await(dead.lead());

        await("the next leader").atMost(BOUND).untilAsserted(() -> assertThat(RoomFixture.await(next.lead()))
                .isGreaterThan(fence));
        next.resign().block(BOUND);
    }

    @Test
    void of_two_nodes_one_admits_and_when_it_stops_the_other_goes_on() {
        // Rooms of other tests of this JVM may be kept running.
        Set<Thread> ofOthers = Set.copyOf(Thread.getAllStackTraces().keySet());
        AdmissionLoop first = loop();
        AdmissionLoop second = loop();
        try {
            first.start();
            second.start();
            room.join(ALICE);
            room.join(BOB);
            await("the first admission").atMost(BOUND).until(() -> room.admittedInOrder()
                    .contains("alice"));

            first.stop();
            assertThat(first.isRunning()).isFalse();
            room.leave(ALICE);

            await("the next admission").atMost(BOUND).until(() -> room.admittedInOrder()
                    .contains("bob"));
            assertThat(room.status().admittedTotal()).isEqualTo(2);
        } finally {
            first.stop();
            second.stop();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("waiting-room-admission") && !ofOthers.contains(thread));
    }

    @Test
    void a_damaged_room_stops_only_itself() {
        try (RoomFixture wrongType = new RoomFixture().open(5, 5);
                RoomFixture corrupt = new RoomFixture().open(5, 5)) {
            wrongType.raw.opsForValue().set(wrongType.keys.queue(), "no queue");
            corrupt.raw.opsForHash().put(corrupt.keys.room(), "admitPerSecond", "many");
            room.directory.refresh();
            room.join(ALICE);
            AdmissionLoop loop = loop();
            try {
                loop.start();
                await("the admission of the other room").atMost(BOUND).until(() -> room.admittedInOrder()
                        .contains("alice"));
                room.leave(ALICE);
                room.join(BOB);
                await("the next round").atMost(BOUND).until(() -> room.admittedInOrder()
                        .contains("bob"));
            } finally {
                loop.stop();
            }
        }
    }

    @Test
    void the_loop_removes_the_silent_batch_after_batch() {
        RoomFixture.await(room.rooms.setControl(room.sale, RoomStatus.Control.PAUSED));
        Flux.range(0, 950)
                .flatMap(i -> room.visitors.join(room.sale, buyer(i), Caller.UNKNOWN), 256)
                .blockLast(BOUND);
        room.passServed(Duration.ofMinutes(5));
        AdmissionLoop loop = loop();
        try {
            loop.start();

            await("an empty queue").atMost(BOUND).until(() -> room.status().waiting() == 0);
        } finally {
            loop.stop();
        }
    }

    private AdmissionLoop loop() {
        return new AdmissionLoop(
                room.rooms,
                room.directory,
                new Counter(room.redis, properties, room.clock),
                room.autopilot,
                new Builders(room.restorer, room.opening),
                new Leadership(room.redis, properties, room.clock),
                properties);
    }
}
