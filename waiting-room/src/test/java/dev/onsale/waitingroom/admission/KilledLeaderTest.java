package dev.onsale.waitingroom.admission;

import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.testsupport.TestServices;
import dev.onsale.waitingroom.RealRedis;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.RoomNode;
import dev.onsale.waitingroom.RunningRoom;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.recovery.RoomMaintenance;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.RoomStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Flux;

/** The leading process is killed while it admits, twice, with others running; visitors leave and free places meanwhile. */
@Tag("services")
public class KilledLeaderTest extends RunningRoom {

    private static final int VISITORS = 6_000;
    private static final int ACTIVE_LIMIT = 200;
    private static final int ADMIT_PER_SECOND = 700;
    private static final int JOIN_RETRIES = 20;

    @Autowired
    private AdmissionLoop loop;

    @Autowired
    private RoomMaintenance upkeep;

    @Test
    void everybody_is_admitted_once_in_order_and_never_more_than_the_limit_though_leaders_are_killed()
            throws Exception {
        loop.stop();
        upkeep.stop();
        ExecutorService threads = Executors.newFixedThreadPool(1);
        AtomicBoolean over = new AtomicBoolean();
        try (RoomNode first = RoomNode.start(settings());
                RoomNode second = RoomNode.start(settings())) {
            first.awaitReady();
            second.awaitReady();
            RoomFixture.await(rooms.open(sale, settings(ACTIVE_LIMIT, ADMIT_PER_SECOND, RoomSettings.Intake.DIRECT)));
            pause();
            Flux.range(0, VISITORS)
                    // Redis may be slow on a busy machine; a join that is repeated keeps its place.
                    .concatMap(i ->
                            visitors.join(sale, buyer(i), JoinOrigin.UNKNOWN).retry(JOIN_RETRIES))
                    .blockLast(BOUND);
            Future<Long> mostActive = threads.submit(() -> leaveAtOnce(over));
            RoomFixture.await(rooms.setControl(sale, RoomStatus.Control.OPEN));

            // Which of the two leads does not matter: one after the other dies.
            awaitAdmitted(VISITORS / 6);
            first.kill();
            awaitAdmitted(VISITORS / 2);
            second.kill();
            loop.start();
            upkeep.start();
            awaitAdmitted(VISITORS);

            over.set(true);
            assertThat(mostActive.get(30, TimeUnit.SECONDS)).isLessThanOrEqualTo(ACTIVE_LIMIT);
        } finally {
            over.set(true);
            threads.shutdownNow();
            loop.start();
            upkeep.start();
        }

        List<JournalEntry> entries = journal();
        assertThat(buyers(entries, Kind.JOINED)).isEqualTo(names(0, VISITORS));
        assertThat(buyers(entries, Kind.ADMITTED)).isEqualTo(names(0, VISITORS));
        assertThat(mostAtOnce(entries)).isEqualTo(ACTIVE_LIMIT);
        assertThat(entries.stream()
                        .filter(entry -> entry.kind() == Kind.ADMITTED)
                        .collect(Collectors.groupingBy(entry -> entry.at() / 1_000, Collectors.counting()))
                        .values())
                .allMatch(count -> count <= ADMIT_PER_SECOND);
    }

    private void awaitAdmitted(int visitors) {
        await(visitors + " are admitted")
                .atMost(BOUND.multipliedBy(6))
                .until(() -> status().admittedTotal() >= visitors);
    }

    /** Whoever is admitted leaves, so that the limit is met again and again; answers the most that were seen at once. */
    private long leaveAtOnce(AtomicBoolean over) {
        long most = 0;
        while (!over.get()) {
            Set<String> active = raw.opsForZSet().range(keys.active(), 0, -1);
            if (active != null && !active.isEmpty()) {
                most = Math.max(most, active.size());
                Flux.fromIterable(active)
                        .flatMap(name -> visitors.leave(sale, dev.onsale.api.BuyerId.of(name)), 64)
                        .then()
                        .block(BOUND);
            }
        }
        return most;
    }

    /** By the journal, which has the order in which Redis did it. */
    private static int mostAtOnce(List<JournalEntry> entries) {
        Set<String> inside = new HashSet<>();
        int most = 0;
        for (JournalEntry entry : entries) {
            if (entry.kind() == Kind.ADMITTED) {
                assertThat(inside.add(entry.buyer())).as("admitted twice").isTrue();
                most = Math.max(most, inside.size());
            } else if (entry.kind() == Kind.LEFT || entry.kind() == Kind.EXPIRED) {
                inside.remove(entry.buyer());
            }
        }
        return most;
    }

    public static List<String> settings() {
        return List.of(
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--spring.data.redis.host=" + RealRedis.host(),
                "--spring.data.redis.port=" + RealRedis.port(),
                "--spring.data.redis.database=" + DATABASE,
                "--spring.datasource.url=" + SCHEMA.jdbcUrl(),
                "--spring.datasource.username=" + SCHEMA.user(),
                "--spring.datasource.password=" + SCHEMA.password(),
                "--spring.flyway.locations=classpath:db/migration/waiting-room",
                "--spring.kafka.bootstrap-servers=" + TestServices.shared().kafkaBootstrapServers(),
                "--onsale.waiting-room.kafka-group=killed",
                "--onsale.waiting-room.follow-reservations=false",
                "--onsale.waiting-room.lead-for=PT1S");
    }
}
