package dev.onsale.waitingroom;

import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import dev.onsale.waitingroom.admission.EntryService;
import dev.onsale.waitingroom.challenge.Challenge;
import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorAnswer.State;
import dev.onsale.waitingroom.queue.VisitorService;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.RoomStatus;
import dev.onsale.waitingroom.room.Rooms;
import dev.onsale.waitingroom.token.AdmissionKeys;
import dev.onsale.waitingroom.token.KeyWrapping;
import dev.onsale.waitingroom.token.TestWrapping;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

/** Two nodes of one database and one Redis, as they run: one clock an hour ahead, the other an hour behind, two key files. */
@Tag("services")
class TwoNodesTest {

    private static final TestDatabase SCHEMA = TestDatabase.fresh();
    private static final Duration SILENCE = Duration.ofSeconds(4);

    @TempDir
    private static Path folder = Path.of("set by JUnit");

    private static @Nullable ConfigurableApplicationContext aheadNode;
    private static @Nullable ConfigurableApplicationContext behindNode;

    private final SaleId sale = SaleId.of(UUID.randomUUID().toString());

    /** Without an annotation: the scan for the components of this package must not find it in other tests. */
    static class Node {

        @Bean
        @Primary
        Clock skewedClock(Environment environment) {
            return Clock.offset(Clock.systemUTC(), environment.getRequiredProperty("test.skew", Duration.class));
        }

        @Bean
        KeyWrapping wrapping(Environment environment) {
            return new TestWrapping(environment.getRequiredProperty("test.master", Integer.class));
        }
    }

    @BeforeAll
    static void start() {
        aheadNode = node("ahead", Duration.ofHours(1), 1);
        behindNode = node("behind", Duration.ofHours(-1), 1);
    }

    @AfterAll
    static void stop() {
        ahead().close();
        behind().close();
    }

    private static ConfigurableApplicationContext node(String name, Duration skew, int master) {
        return new SpringApplicationBuilder(WaitingRoomApplication.class, Node.class)
                .web(WebApplicationType.REACTIVE)
                .run(
                        "--server.port=0",
                        "--test.name=" + name,
                        "--test.skew=" + skew,
                        "--test.master=" + master,
                        "--spring.data.redis.database=7",
                        "--spring.data.redis.host=" + RealRedis.host(),
                        "--spring.data.redis.port=" + RealRedis.port(),
                        "--spring.datasource.url=" + SCHEMA.jdbcUrl(),
                        "--spring.datasource.username=" + SCHEMA.user(),
                        "--spring.datasource.password=" + SCHEMA.password(),
                        "--spring.flyway.locations=classpath:db/migration/waiting-room",
                        "--spring.kafka.bootstrap-servers="
                                + TestServices.shared().kafkaBootstrapServers(),
                        "--onsale.waiting-room.kafka-group=two-nodes",
                        "--onsale.waiting-room.key-file=" + folder.resolve(name + ".json"),
                        "--onsale.waiting-room.silence=" + SILENCE,
                        "--onsale.waiting-room.sweep-every=PT0.2S");
    }

    @Test
    void an_admission_of_one_node_is_good_at_the_other_and_its_place_ends_in_its_time_at_both() throws Exception {
        RoomFixture.await(bean(ahead(), Rooms.class).open(sale, RoomFixture.settings(10, 10, 5, 60)));
        await("both know the room")
                .atMost(BOUND)
                .ignoreExceptions()
                .until(() -> RoomFixture.await(bean(behind(), Rooms.class).status(sale)) != null);
        BuyerId alice = RoomFixture.ALICE;
        BuyerId bob = RoomFixture.BOB;
        RoomFixture.await(bean(ahead(), VisitorService.class).join(sale, alice, JoinOrigin.UNKNOWN));
        RoomFixture.await(bean(behind(), VisitorService.class).join(sale, bob, JoinOrigin.UNKNOWN));

        String tokenOfAhead = admitted(ahead(), alice);
        String tokenOfBehind = admitted(behind(), bob);
        Instant untilAlice =
                RoomFixture.await(bean(behind(), EntryService.class).enter(sale, alice, tokenOfAhead));
        Instant untilBob = RoomFixture.await(bean(ahead(), EntryService.class).enter(sale, bob, tokenOfBehind));

        assertThat(untilAlice).isBetween(Instant.now(), Instant.now().plusSeconds(6));
        assertThat(untilBob).isBetween(Instant.now(), Instant.now().plusSeconds(6));
        for (ConfigurableApplicationContext node : new ConfigurableApplicationContext[] {ahead(), behind()}) {
            assertThat(isActive(node, alice)).isTrue();
            assertThat(isActive(node, bob)).isTrue();
        }
        await("the end of the places").atMost(BOUND).until(() -> !isActive(ahead(), bob) && !isActive(behind(), bob));
        assertThat(Instant.now()).isBetween(untilBob.minusMillis(50), untilBob.plusSeconds(15));
    }

    @Test
    void a_visitor_who_shows_signs_of_life_at_any_node_is_not_silent_and_one_who_shows_none_is() {
        RoomFixture.await(bean(ahead(), Rooms.class).open(sale, RoomFixture.settings(10, 10, null, null)));
        RoomFixture.await(bean(ahead(), Rooms.class).setControl(sale, RoomStatus.Control.PAUSED));
        for (ConfigurableApplicationContext node : new ConfigurableApplicationContext[] {ahead(), behind()}) {
            RoomFixture.await(
                    bean(node, VisitorService.class).join(sale, BuyerId.of("loud-" + name(node)), JoinOrigin.UNKNOWN));
            RoomFixture.await(
                    bean(node, VisitorService.class).join(sale, BuyerId.of("mute-" + name(node)), JoinOrigin.UNKNOWN));
        }
        Instant begin = Instant.now();

        await("the mute are gone and the loud are asked all the while")
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    boolean gone = true;
                    for (ConfigurableApplicationContext node :
                            new ConfigurableApplicationContext[] {ahead(), behind()}) {
                        assertThat(poll(node, "loud-" + name(node)))
                                .as("loud at %s after %s", name(node), Duration.between(begin, Instant.now()))
                                .isEqualTo(State.WAITING);
                        gone &= RoomFixture.await(bean(node, Rooms.class).status(sale))
                                        .waiting()
                                == 2;
                    }
                    return gone && Instant.now().isAfter(begin.plus(SILENCE.multipliedBy(2)));
                });
        assertThat(Duration.between(begin, Instant.now())).isGreaterThan(SILENCE);
    }

    @Test
    void a_room_opens_and_closes_at_its_own_time_whichever_node_is_asked() {
        Instant closesAt = Instant.now().plusSeconds(6);
        RoomSettings settings = RoomFixture.withTimes(
                RoomFixture.settings(10, 10, null, null), Instant.now().minusSeconds(60), null, closesAt);
        RoomFixture.await(bean(behind(), Rooms.class).open(sale, settings));

        for (ConfigurableApplicationContext node : new ConfigurableApplicationContext[] {ahead(), behind()}) {
            assertThat(RoomFixture.await(bean(node, VisitorService.class)
                                    .join(sale, BuyerId.of("early-" + name(node)), JoinOrigin.UNKNOWN))
                            .state())
                    .isIn(State.WAITING, State.ADMITTED);
        }
        await("the end").atMost(BOUND).until(() -> Instant.now().isAfter(closesAt.plusMillis(100)));
        for (ConfigurableApplicationContext node : new ConfigurableApplicationContext[] {ahead(), behind()}) {
            assertThatThrownBy(() -> RoomFixture.await(bean(node, VisitorService.class)
                            .join(sale, BuyerId.of("late-" + name(node)), JoinOrigin.UNKNOWN)))
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void what_happened_is_written_down_with_the_time_that_all_nodes_share() {
        RoomFixture.await(bean(ahead(), Rooms.class).open(sale, RoomFixture.settings(10, 10, null, null)));
        RoomFixture.await(bean(ahead(), VisitorService.class).join(sale, RoomFixture.ALICE, JoinOrigin.UNKNOWN));
        RoomFixture.await(bean(behind(), VisitorService.class).join(sale, RoomFixture.BOB, JoinOrigin.UNKNOWN));

        JdbcTemplate jdbc = bean(ahead(), JdbcTemplate.class);
        await("the journal").atMost(BOUND).until(() -> count(jdbc) >= 2);
        assertThat(jdbc.queryForList(
                        "SELECT happened_at FROM waiting_room_journal WHERE sale_id = ?", Long.class, sale.value()))
                .allSatisfy(at -> assertThat(Instant.ofEpochMilli(at))
                        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1)));
    }

    @Test
    void nodes_with_different_key_files_have_one_key_and_one_secret_for_challenges() {
        assertThat(bean(ahead(), AdmissionKeys.class).signing().getKeyID())
                .isEqualTo(bean(behind(), AdmissionKeys.class).signing().getKeyID());
        Challenge challenge = bean(ahead(), Challenges.class).create("sale-1", 1);

        String solved = solved(challenge);

        assertThat(bean(behind(), Challenges.class).verify("sale-1", solved)).isEqualTo(challenge.challenge());
    }

    @Test
    void a_node_with_another_master_key_does_not_start() {
        assertThatThrownBy(() -> node("stranger", Duration.ZERO, 2)).rootCause().hasMessageContaining("master key");
    }

    private static String solved(Challenge challenge) {
        for (int number = 0; number <= 1; number++) {
            String answer = java.util.Base64.getEncoder()
                    .encodeToString(RoomFixture.JSON.writeValueAsBytes(Map.of(
                            "algorithm", challenge.algorithm(),
                            "challenge", challenge.challenge(),
                            "number", number,
                            "salt", challenge.salt(),
                            "signature", challenge.signature())));
            try {
                bean(ahead(), Challenges.class).verify("sale-1", answer);
                return answer;
            } catch (dev.onsale.api.RefusedException wrong) {
                // The other number.
            }
        }
        throw new AssertionError("No number solves " + challenge);
    }

    private String admitted(ConfigurableApplicationContext node, BuyerId buyer) {
        return await("the admission of " + buyer)
                .atMost(BOUND)
                .until(
                        () -> RoomFixture.await(bean(node, VisitorService.class).poll(sale, buyer))
                                .admissionToken(),
                        token -> token != null);
    }

    private State poll(ConfigurableApplicationContext node, String buyer) {
        return RoomFixture.await(bean(node, VisitorService.class).poll(sale, BuyerId.of(buyer)))
                .state();
    }

    private boolean isActive(ConfigurableApplicationContext node, BuyerId buyer) throws Exception {
        return bean(node, EntryService.class)
                .isActive(sale.value(), buyer)
                .toCompletableFuture()
                .get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    private int count(JdbcTemplate jdbc) {
        Integer rows = jdbc.queryForObject(
                "SELECT COUNT(*) FROM waiting_room_journal WHERE sale_id = ?", Integer.class, sale.value());
        return rows == null ? 0 : rows;
    }

    private static String name(ConfigurableApplicationContext node) {
        return node.getEnvironment().getRequiredProperty("test.name");
    }

    private static <T> T bean(ConfigurableApplicationContext node, Class<T> type) {
        return node.getBean(type);
    }

    private static ConfigurableApplicationContext ahead() {
        return started(aheadNode);
    }

    private static ConfigurableApplicationContext behind() {
        return started(behindNode);
    }

    private static ConfigurableApplicationContext started(@Nullable ConfigurableApplicationContext node) {
        if (node == null) {
            throw new AssertionError("The node did not start");
        }
        return node;
    }
}
