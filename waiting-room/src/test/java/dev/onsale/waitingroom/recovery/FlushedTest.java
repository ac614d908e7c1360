package dev.onsale.waitingroom.recovery;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.RunningRoom;
import dev.onsale.waitingroom.admission.EntryService;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorAnswer;
import dev.onsale.waitingroom.queue.VisitorAnswer.State;
import dev.onsale.waitingroom.room.RoomStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.connection.RedisConnection;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** FLUSHALL in the middle of a sale, with the loops running and visitors who join, enter and leave all the while. */
@Tag("services")
class FlushedTest extends RunningRoom {

    private static final int VISITORS = 2_000;
    private static final int ACTIVE_LIMIT = 40;

    @Autowired
    private EntryService entries;

    /** Not the scheduler on which entries wait for the database: visitors who wait must not take its threads. */
    private final Scheduler patient =
            Schedulers.fromExecutorService(Executors.newVirtualThreadPerTaskExecutor(), "visitors");

    private final Map<String, String> used = new ConcurrentHashMap<>();
    private final Queue<String> usedTwice = new ConcurrentLinkedQueue<>();
    private final Set<String> done = ConcurrentHashMap.newKeySet();

    @Test
    void no_token_opens_twice_the_limit_holds_and_those_who_had_a_place_keep_their_order() throws Exception {
        // A leave that was lost keeps its place until it expires: soon.
        RoomFixture.await(rooms.open(sale, RoomFixture.settings(ACTIVE_LIMIT, 400, 5, 600)));
        pause();
        for (int visitor = 0; visitor < VISITORS; visitor++) {
            RoomFixture.await(visitors.join(sale, buyer(visitor), JoinOrigin.UNKNOWN));
        }
        await("all is written down").atMost(BOUND).until(() -> status().journalBehind() == 0);
        RoomFixture.await(rooms.setControl(sale, RoomStatus.Control.OPEN));
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(5);
        try {
            List<Future<?>> buyers = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int first = thread;
                buyers.add(threads.submit(() -> buy(first, over)));
            }
            Future<Long> most = threads.submit(() -> mostActive(over));
            await("the sale is under way").atMost(BOUND).until(() -> used.size() > VISITORS / 10);

            try (RedisConnection redis = connections.getConnection()) {
                redis.serverCommands().flushAll();
            }

            await("the room is back").atMost(BOUND).ignoreExceptions().until(() -> status().restoredAt() != null);
            await("everybody was inside once").atMost(BOUND.multipliedBy(3)).until(() -> done.size() == VISITORS);
            over.set(true);
            for (Future<?> one : buyers) {
                one.get(30, TimeUnit.SECONDS);
            }
            assertThat(most.get(30, TimeUnit.SECONDS)).isLessThanOrEqualTo(ACTIVE_LIMIT);
        } finally {
            over.set(true);
            threads.shutdownNow();
            patient.dispose();
        }

        assertThat(usedTwice).isEmpty();
        for (String buyer : List.copyOf(used.keySet()).subList(0, 200)) {
            String token = String.valueOf(used.get(buyer));
            assertRefused(
                    RefusalCode.ADMISSION_TOKEN_USED,
                    () -> RoomFixture.await(entries.enter(sale, BuyerId.of(buyer), token)));
        }
        List<JournalEntry> told = journal();
        assertThat(inversions(told)).isZero();
    }

    /** Every fourth visitor asks, enters as soon as there is a token, tries the token again, and leaves. */
    private Boolean buy(int first, AtomicBoolean over) {
        while (!over.get()) {
            Flux.range(0, VISITORS / 4)
                    .map(i -> buyer(first + 4 * i))
                    .filter(visitor -> !done.contains(visitor.value()))
                    // Those far back need not ask that often.
                    .take(2L * ACTIVE_LIMIT)
                    .flatMap(
                            visitor -> visitors.poll(sale, visitor)
                                    .publishOn(patient)
                                    .doOnNext(answer -> goOn(visitor, answer))
                                    .onErrorComplete(RefusedException.class),
                            8)
                    .then()
                    .block(BOUND);
        }
        return true;
    }

    private void goOn(BuyerId visitor, VisitorAnswer answer) {
        if (answer.state() == State.ADMITTED) {
            enterTwiceAndLeave(visitor, answer);
        } else if (answer.state() != State.WAITING) {
            RoomFixture.await(visitors.join(sale, visitor, JoinOrigin.UNKNOWN));
        }
    }

    private void enterTwiceAndLeave(BuyerId visitor, VisitorAnswer answer) {
        String token = RoomFixture.token(answer);
        int opened = 0;
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                RoomFixture.await(entries.enter(sale, visitor, token));
                opened++;
            } catch (RefusedException refused) {
                assertThat(refused.code())
                        .isIn(
                                RefusalCode.ADMISSION_TOKEN_USED,
                                RefusalCode.NOT_ADMITTED,
                                RefusalCode.TEMPORARILY_UNAVAILABLE);
            }
        }
        if (opened > 1 || (opened == 1 && token.equals(used.put(visitor.value(), token)))) {
            usedTwice.add(visitor.value());
        }
        try {
            if (opened > 0 || RoomFixture.await(visitors.poll(sale, visitor)).entered()) {
                visitors.leave(sale, visitor).block(BOUND);
                done.add(visitor.value());
            }
        } catch (RefusedException away) {
            assertThat(away.code()).isIn(RefusalCode.TEMPORARILY_UNAVAILABLE, RefusalCode.VISITOR_NOT_FOUND);
        }
    }

    /** A leave that was lost with Redis leaves a place behind that nobody has. */
    private long mostActive(AtomicBoolean over) {
        long most = 0;
        while (!over.get()) {
            Set<String> active = raw.opsForZSet().range(keys.active(), 0, -1);
            most = Math.max(
                    most,
                    active == null
                            ? 0
                            : active.stream()
                                    .filter(name -> !done.contains(name))
                                    .count());
        }
        return most;
    }

    /**
     * First admissions in a row that stand the other way round than their joins. Those that the journal had lost and the
     * entries knew are told again at the restoration, all at once, and have no order to each other.
     */
    private static int inversions(List<JournalEntry> told) {
        Map<String, Long> numbers = new HashMap<>();
        Set<String> admitted = new java.util.HashSet<>();
        long restoredAt = 0;
        long last = 0;
        int inversions = 0;
        for (JournalEntry entry : told) {
            if (entry.kind() == Kind.RESTORED) {
                restoredAt = entry.at();
                last = 0;
            } else if (entry.kind() == Kind.JOINED) {
                numbers.putIfAbsent(entry.buyer(), entry.number());
            } else if (entry.kind() == Kind.ADMITTED && admitted.add(entry.buyer()) && entry.at() >= restoredAt) {
                long number = numbers.getOrDefault(entry.buyer(), Long.MAX_VALUE);
                inversions += number < last ? 1 : 0;
                last = number;
            }
        }
        return inversions;
    }
}
