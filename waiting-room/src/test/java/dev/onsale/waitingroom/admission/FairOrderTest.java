package dev.onsale.waitingroom.admission;

import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.waitingroom.RealRedis;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.room.Leadership;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;

/** The leader loses its connection in the middle of its rounds and never resigns; the next one goes on where it was. */
@Tag("services")
class FairOrderTest {

    private static final int VISITORS = 3_000;

    @Test
    void when_the_leader_dies_between_two_rounds_everybody_is_admitted_once_and_in_order() {
        try (RoomFixture room = new RoomFixture()) {
            room.open(VISITORS, 900);
            Flux.range(0, VISITORS)
                    .concatMap(i -> room.visitors.join(room.sale, buyer(i), JoinOrigin.UNKNOWN))
                    .blockLast(BOUND);
            RedisStandaloneConfiguration address = new RedisStandaloneConfiguration(RealRedis.host(), RealRedis.port());
            address.setDatabase(1);
            LettuceConnectionFactory dying = new LettuceConnectionFactory(address);
            dying.afterPropertiesSet();
            dying.start();
            Clock real = Clock.offset(
                    Clock.systemUTC(), Duration.between(Clock.systemUTC().instant(), room.clock.instant()));
            AdmissionLoop first = loop(room, new RedisScripts(dying, Duration.ofMillis(500)), real);
            AdmissionLoop second = loop(room, room.redis, real);
            try {
                first.start();
                await("some are admitted")
                        .atMost(BOUND)
                        .until(() -> room.status().admittedTotal() > 0);
                second.start();
                dying.destroy();

                await("all are admitted")
                        .atMost(BOUND)
                        .until(() -> room.status().admittedTotal() == VISITORS);
            } finally {
                first.stop();
                second.stop();
            }
            room.writer.write(room.sale);

            List<String> joined = new ArrayList<>();
            List<String> admitted = new ArrayList<>();
            room.journal.read(room.sale.value(), entry -> note(entry, joined, admitted));
            assertThat(joined).hasSize(VISITORS);
            assertThat(admitted).isEqualTo(joined);
        }
    }

    private static void note(JournalEntry entry, List<String> joined, List<String> admitted) {
        if (entry.kind() == Kind.JOINED) {
            joined.add(entry.buyer());
        } else if (entry.kind() == Kind.ADMITTED) {
            admitted.add(entry.buyer());
        }
    }

    private static AdmissionLoop loop(RoomFixture room, RedisScripts redis, Clock clock) {
        WaitingRoomProperties properties = RoomFixture.properties(100_000, 1_000, Duration.ofMillis(400));
        return new AdmissionLoop(
                room.rooms,
                room.directory,
                new AdmissionRound(redis, properties, clock),
                room.autopilot,
                new RoomTasks(room.restorer, room.opening, room.failures),
                new Leadership(redis, properties, clock),
                room.failures,
                properties);
    }
}
