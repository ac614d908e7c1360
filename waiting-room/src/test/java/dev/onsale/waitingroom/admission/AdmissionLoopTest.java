package dev.onsale.waitingroom.admission;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOB;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.LogLines;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.room.Leadership;
import dev.onsale.waitingroom.room.RoomStatus;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
import dev.onsale.waitingroom.task.RoomFailures;
import dev.onsale.waitingroom.task.RoomsHealthIndicator;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Tag("services")
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
                .flatMap(i -> room.visitors.join(room.sale, buyer(i), JoinOrigin.UNKNOWN), 256)
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

    @ParameterizedTest
    @EnumSource(Damage.class)
    void a_room_that_fails_is_told_once_and_the_others_are_admitted_meanwhile(Damage damage) {
        try (RoomFixture damaged = new RoomFixture().open(5, 5);
                LogLines lines = LogLines.of(RoomFailures.class)) {
            room.directory.refresh();
            room.join(ALICE);
            AtomicReference<SaleId> broken = new AtomicReference<>(damaged.sale);
            AdmissionLoop loop = loop(new AdmissionRound(room.redis, properties, room.clock) {
                @Override
                public Mono<Round> admit(SaleId sale, long fence, int perSecond) {
                    return sale.equals(broken.get()) ? damage.of() : super.admit(sale, fence, perSecond);
                }
            });
            try {
                loop.start();
                await("the admission of the other room").atMost(BOUND).until(() -> room.admittedInOrder()
                        .contains("alice"));
                room.leave(ALICE);
                room.join(BOB);
                await("a later round").atMost(BOUND).until(() -> room.admittedInOrder()
                        .contains("bob"));
                await("several failures").atMost(BOUND).until(() -> failures() >= 3);

                assertThat(lines.about(damaged.sale))
                        .hasSize(1)
                        .first()
                        .asString()
                        .contains("Admission");
                assertThat(lines.about(room.sale)).isEmpty();
                assertThat(room.failures.reasons()).hasSize(1);
                assertThat(new RoomsHealthIndicator(room.failures).health(true))
                        .extracting(health -> health.getStatus())
                        .isEqualTo(Status.DOWN);
                assertThat(loop.supervisedWork()).allMatch(work -> work.failures() == 0);

                broken.set(null);
                await("the end of the failure")
                        .atMost(BOUND)
                        .until(() -> room.failures.reasons().isEmpty());
                assertThat(lines.about(damaged.sale))
                        .hasSize(2)
                        .last()
                        .asString()
                        .contains("works again");
            } finally {
                loop.stop();
            }
        }
    }

    /** How one room may fail. */
    enum Damage {
        AN_ERROR {
            @Override
            Mono<AdmissionRound.Round> of() {
                throw new StackOverflowError("injected");
            }
        },
        A_FAILURE {
            @Override
            Mono<AdmissionRound.Round> of() {
                return Mono.error(new IllegalStateException("injected"));
            }
        },
        A_REDIS_NODE_OF_ITS_OWN_THAT_IS_AWAY {
            @Override
            Mono<AdmissionRound.Round> of() {
                return Mono.error(new RefusedException(RefusalCode.TEMPORARILY_UNAVAILABLE, "injected"));
            }
        },
        NO_ANSWER {
            @Override
            Mono<AdmissionRound.Round> of() {
                return Mono.never();
            }
        };

        abstract Mono<AdmissionRound.Round> of();
    }

    private double failures() {
        return room.metrics
                .get(RoomFailures.COUNTER)
                .tag("task", "admission")
                .counter()
                .count();
    }

    @Test
    void a_room_whose_row_is_unreadable_or_missing_stops_only_itself() {
        try (RoomFixture unreadable = new RoomFixture().open(5, 5);
                RoomFixture missing = new RoomFixture().open(5, 5)) {
            room.jdbc.update("UPDATE waiting_room SET settings = '{' WHERE sale_id = ?", unreadable.sale.value());
            room.jdbc.update("DELETE FROM waiting_room WHERE sale_id = ?", missing.sale.value());
            room.directory.refresh();
            unreadable.raw.delete(unreadable.keys.room());
            room.join(ALICE);
            AdmissionLoop loop = loop();
            try {
                loop.start();
                await("the admission of the other room").atMost(BOUND).until(() -> room.admittedInOrder()
                        .contains("alice"));
            } finally {
                loop.stop();
            }
        }
    }

    @Test
    void a_node_that_fails_by_errors_is_unready_and_gives_the_lead_up_until_it_works_again() {
        WaitingRoomProperties shortLease = RoomFixture.properties(100_000, 100, Duration.ofMillis(500));
        AtomicBoolean broken = new AtomicBoolean(true);
        Leadership other = new Leadership(room.redis, shortLease, room.clock);
        AdmissionLoop loop = loop(
                new AdmissionRound(room.redis, shortLease, room.clock) {
                    @Override
                    public Mono<Round> admit(SaleId sale, long fence, int perSecond) {
                        if (broken.get()) {
                            throw new NoClassDefFoundError("injected");
                        }
                        return super.admit(sale, fence, perSecond);
                    }
                },
                shortLease);
        SupervisedWork admission = loop.supervisedWork().iterator().next();
        try {
            loop.start();
            await("the node is unready").atMost(BOUND).until(() -> admission.state() == SupervisedWork.State.FAILED);
            await("another node leads")
                    .atMost(BOUND)
                    .until(() -> RoomFixture.await(other.lead()) != Leadership.NOT_LEADING);
            broken.set(false);
            other.resign().block(BOUND);

            room.join(ALICE);
            await("this node leads again").atMost(BOUND).until(() -> room.admittedInOrder()
                    .contains("alice"));
            await("this node is ready").atMost(BOUND).until(() -> admission.state() == SupervisedWork.State.RUNNING);
        } finally {
            loop.stop();
        }
    }

    private AdmissionLoop loop() {
        return loop(new AdmissionRound(room.redis, properties, room.clock));
    }

    private AdmissionLoop loop(AdmissionRound counter) {
        return loop(counter, properties);
    }

    private AdmissionLoop loop(AdmissionRound counter, WaitingRoomProperties with) {
        return new AdmissionLoop(
                room.rooms,
                room.directory,
                counter,
                room.autopilot,
                new RoomTasks(room.restorer, room.opening, room.failures),
                new Leadership(room.redis, with, room.clock),
                room.failures,
                with);
    }
}
