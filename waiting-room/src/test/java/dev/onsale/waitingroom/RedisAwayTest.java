package dev.onsale.waitingroom;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOB;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.reactive.server.SecurityMockServerConfigurers.mockJwt;
import static org.springframework.security.test.web.reactive.server.SecurityMockServerConfigurers.springSecurity;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.embedded.Service;
import dev.onsale.testsupport.TestServices;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.token.AdmissionTokens;
import dev.onsale.waitingroom.token.StoredAdmissionKeys;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.test.web.reactive.server.WebTestClient;

class RedisAwayTest {

    @Test
    void without_redis_the_visitor_is_told_to_come_back_and_the_process_starts_all_the_same() throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(WaitingRoomApplication.class)
                .web(WebApplicationType.REACTIVE)
                .run(
                        "--server.port=0",
                        "--spring.data.redis.host=127.0.0.1",
                        "--spring.data.redis.port=" + closedPort(),
                        "--spring.datasource.url=" + Database.url(),
                        "--spring.datasource.username=" + Database.user(),
                        "--spring.datasource.password=" + Database.password(),
                        "--spring.flyway.locations=classpath:db/migration/waiting-room",
                        "--spring.kafka.bootstrap-servers="
                                + TestServices.shared().kafkaBootstrapServers())) {
            WebTestClient alice = WebTestClient.bindToApplicationContext(context)
                    .apply(springSecurity())
                    .configureClient()
                    .responseTimeout(BOUND)
                    .build()
                    .mutateWith(mockJwt().jwt(jwt -> jwt.subject("alice")));

            alice.post()
                    .uri("/api/waiting-rooms/sale/visitors")
                    .exchange()
                    .expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .exists("Retry-After")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("TEMPORARILY_UNAVAILABLE");
        }
    }

    @Test
    void places_survive_a_redis_that_dies_and_comes_back(@TempDir Path folder) throws Exception {
        try (EmbeddedServices own =
                EmbeddedServices.start(EmbeddedOptions.in(folder).only(Service.REDIS), line -> {})) {
            LettuceConnectionFactory connections = connections(own.addresses().redisPort());
            try {
                RedisScripts redis = new RedisScripts(connections, Duration.ofSeconds(1));
                Node node = new Node(redis);
                Visitors visitors = node.visitors;
                SaleId sale = SaleId.of("sale-" + UUID.randomUUID());
                await(node.rooms.open(sale, RoomSettings.defaults()));
                await(visitors.join(sale, BOB, Caller.UNKNOWN));
                await(visitors.join(sale, ALICE, Caller.UNKNOWN));

                own.kill(Service.REDIS);
                assertRefused(RefusalCode.TEMPORARILY_UNAVAILABLE, () -> await(visitors.poll(sale, ALICE)));
                own.startAgain(Service.REDIS);

                Awaitility.await("the place after the restart")
                        .atMost(BOUND)
                        .ignoreExceptionsInstanceOf(RefusedException.class)
                        .untilAsserted(() -> assertThat(
                                        await(visitors.poll(sale, ALICE)).position())
                                .isEqualTo(2));
            } finally {
                connections.destroy();
            }
        }
    }

    @Test
    void a_redis_that_takes_the_connection_and_says_nothing_is_not_waited_for() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertUnavailable(mute.getLocalPort());
        }
    }

    @Test
    void nobody_can_be_found_active_or_leave_while_redis_is_away() throws Exception {
        LettuceConnectionFactory connections = connections(closedPort());
        try {
            RedisScripts redis = new RedisScripts(connections, Duration.ofSeconds(1));
            Entries entries = new Node(redis).entries;

            assertThat(entries.isActive("sale", ALICE))
                    .failsWithin(BOUND)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(RefusedException.class);
            assertThat(entries.leave("sale", ALICE))
                    .failsWithin(BOUND)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(RefusedException.class);
        } finally {
            connections.destroy();
        }
    }

    /** What one node has, on a Redis of its own. */
    private static final class Node {
        final Visitors visitors;
        final Rooms rooms;
        final Entries entries;

        Node(RedisScripts redis) {
            Clock clock = Clock.systemUTC();
            RoomStore store = new RoomStore(Database.jdbc(), RoomFixture.JSON, clock);
            RoomDirectory directory = new RoomDirectory(store);
            RoomWatch watch = new RoomWatch(redis, clock);
            EntryStore entryStore = new EntryStore(Database.jdbc(), clock);
            Journal journal = new Journal(Database.jdbc(), new DataSourceTransactionManager(Database.source()));
            AdmissionTokens tokens = new AdmissionTokens(StoredAdmissionKeys.inMemory(), clock);
            WaitingRoomProperties properties = RoomFixture.properties(10, 1);
            visitors = new Visitors(redis, watch, directory, new Heartbeats(redis, 1), tokens, properties, clock);
            entries = new Entries(redis, tokens, entryStore, visitors, clock);
            rooms = new Rooms(
                    store,
                    directory,
                    watch,
                    new Restorer(redis, store, directory, journal, entryStore, clock),
                    new Autopilot(new StaticListableBeanFactory().getBeanProvider(SalesLoad.class), properties, clock),
                    redis,
                    clock);
        }
    }

    private static void assertUnavailable(int port) {
        LettuceConnectionFactory connections = connections(port);
        try {
            Node node = new Node(new RedisScripts(connections, Duration.ofMillis(200)));

            assertRefused(
                    RefusalCode.TEMPORARILY_UNAVAILABLE, () -> await(node.visitors.poll(SaleId.of("sale"), ALICE)));
        } finally {
            connections.destroy();
        }
    }

    private static LettuceConnectionFactory connections(int port) {
        LettuceConnectionFactory connections = new LettuceConnectionFactory(
                new RedisStandaloneConfiguration("127.0.0.1", port),
                LettuceClientConfiguration.builder()
                        .commandTimeout(Duration.ofSeconds(2))
                        .build());
        connections.afterPropertiesSet();
        connections.start();
        return connections;
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
