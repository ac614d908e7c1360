package dev.onsale.waitingroom.admission;

import static dev.onsale.waitingroom.RoomFixture.FENCE;
import static dev.onsale.waitingroom.RoomFixture.await;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.RefusedException;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.queue.JoinOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** 10,000 visitors join, enter, leave and fall silent while two leaders admit and places expire. */
@Tag("services")
class AdmissionRaceTest {

    private static final int VISITORS = 10_000;
    private static final int STEPS_EACH = 3;
    private static final int ACTIVE_LIMIT = 40;
    private static final int BOUND_SECONDS = 90;

    @ParameterizedTest
    @ValueSource(longs = {1, 20_260_601})
    void the_active_limit_holds_at_every_instant(long seed) throws Exception {
        try (RoomFixture room = new RoomFixture()) {
            await(room.rooms.open(room.sale, RoomFixture.settings(ACTIVE_LIMIT, 5_000, 2, 600)));
            AtomicBoolean over = new AtomicBoolean();
            CountDownLatch go = new CountDownLatch(1);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<Long>> leaders = new ArrayList<>();
                for (int leader = 0; leader < 2; leader++) {
                    AdmissionRound counter = room.counterAt(room.clock);
                    leaders.add(threads.submit(() -> lead(room, counter, go, over)));
                }
                Future<Long> mostSeen = threads.submit(() -> watch(room, go, over));
                Future<?> visitors = threads.submit(visit(room, seed, go, over));

                go.countDown();

                visitors.get(BOUND_SECONDS, TimeUnit.SECONDS);
                long admitted = 0;
                for (Future<Long> leader : leaders) {
                    admitted += leader.get(BOUND_SECONDS, TimeUnit.SECONDS);
                }
                assertThat(mostSeen.get(BOUND_SECONDS, TimeUnit.SECONDS)).isEqualTo(ACTIVE_LIMIT);
                assertThat(room.status().admittedTotal()).isEqualTo(admitted);
                assertThat(admitted).as("places were given again").isGreaterThan(ACTIVE_LIMIT);
                assertNothingLeaked(room);
            } finally {
                over.set(true);
                threads.shutdownNow();
                assertThat(threads.awaitTermination(BOUND_SECONDS, TimeUnit.SECONDS))
                        .isTrue();
            }
        }
    }

    private static long lead(RoomFixture room, AdmissionRound counter, CountDownLatch go, AtomicBoolean over)
            throws InterruptedException {
        assertThat(go.await(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
        long admitted = 0;
        while (!over.get()) {
            admitted +=
                    await(counter.admit(room.sale, FENCE, Integer.MAX_VALUE)).admitted();
            room.clock.advance(Duration.ofMillis(20));
        }
        return admitted;
    }

    private static long watch(RoomFixture room, CountDownLatch go, AtomicBoolean over) throws InterruptedException {
        assertThat(go.await(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
        long most = 0;
        while (!over.get()) {
            most = Math.max(most, room.activePlaces());
        }
        return most;
    }

    private static Callable<Boolean> visit(RoomFixture room, long seed, CountDownLatch go, AtomicBoolean over) {
        Random random = new Random(seed);
        List<Integer> steps =
                random.ints((long) VISITORS * STEPS_EACH, 0, VISITORS).boxed().toList();
        List<Integer> actions = random.ints(steps.size(), 0, 10).boxed().toList();
        return () -> {
            assertThat(go.await(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
            Flux.range(0, steps.size())
                    .flatMap(step -> act(room, steps.get(step), actions.get(step)), 128)
                    .blockLast(Duration.ofSeconds(BOUND_SECONDS));
            over.set(true);
            return true;
        };
    }

    private static Mono<?> act(RoomFixture room, int visitor, int action) {
        if (action < 2) {
            return room.visitors.leave(room.sale, buyer(visitor));
        }
        return room.visitors.join(room.sale, buyer(visitor), JoinOrigin.UNKNOWN).flatMap(answer -> {
            String token = answer.admissionToken();
            // A place that ends between the answer and the entry, or a token used by an earlier step, is a refusal.
            return token == null
                    ? Mono.just(answer)
                    : room.entries.enter(room.sale, buyer(visitor), token).onErrorComplete(RefusedException.class);
        });
    }

    /** Whoever has a place has an admission, and nobody else has anything left. */
    private static void assertNothingLeaked(RoomFixture room) {
        var active = room.raw.opsForZSet().range(room.keys.active(), 0, -1);
        assertThat(active).isNotNull();
        assertThat(room.raw.<String, String>opsForHash().keys(room.keys.admitted()))
                .containsExactlyInAnyOrderElementsOf(active);
        assertThat(active).containsAll(room.raw.opsForSet().members(room.keys.entered()));
    }
}
