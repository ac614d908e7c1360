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
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.token.AdmissionTokens;
import dev.onsale.waitingroom.token.StoredAdmissionKeys;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.test.web.reactive.server.WebTestClient;

class RedisAwayTest {

    @Test
    void without_redis_the_visitor_is_told_to_come_back_and_the_process_starts_all_the_same() throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(WaitingRoomApplication.class)
                .web(WebApplicationType.REACTIVE)
                .run(
                        "--server.port=0",
                        "--spring.data.redis.host=127.0.0.1",
                        "--spring.data.redis.port=" + closedPort())) {
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
                Visitors visitors = new Visitors(
                        redis,
                        new AdmissionTokens(StoredAdmissionKeys.inMemory(), Clock.systemUTC()),
                        RoomFixture.properties(10, 1),
                        Clock.systemUTC());
                SaleId sale = SaleId.of("sale");
                await(new Rooms(redis, Clock.systemUTC()).open(sale, RoomSettings.defaults()));
                await(visitors.join(sale, BOB));
                await(visitors.join(sale, ALICE));

                own.kill(Service.REDIS);
                assertRefused(RefusalCode.TEMPORARILY_UNAVAILABLE, () -> await(visitors.poll(sale, ALICE)));
                own.startAgain(Service.REDIS);

                Awaitility.await("the place after the restart")
                        .atMost(BOUND)
                        .ignoreExceptionsInstanceOf(RefusedException.class)
                        .untilAsserted(() ->
                                assertThat(await(visitors.poll(sale, ALICE))).isEqualTo(VisitorAnswer.waiting(2, 2)));
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
            AdmissionTokens tokens = new AdmissionTokens(StoredAdmissionKeys.inMemory(), Clock.systemUTC());
            Visitors visitors = new Visitors(redis, tokens, RoomFixture.properties(1, 1), Clock.systemUTC());
            Entries entries = new Entries(redis, tokens, visitors, Clock.systemUTC());

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

    private static void assertUnavailable(int port) {
        LettuceConnectionFactory connections = connections(port);
        try {
            Rooms rooms = new Rooms(new RedisScripts(connections, Duration.ofMillis(200)), Clock.systemUTC());

            assertRefused(RefusalCode.TEMPORARILY_UNAVAILABLE, () -> await(rooms.status(SaleId.of("sale"))));
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
