package dev.onsale.waitingroom;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOB;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.IThrowableProxy;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.embedded.Service;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.testsupport.TestServices;
import dev.onsale.waitingroom.admission.AdmissionLoop;
import dev.onsale.waitingroom.admission.EntryService;
import dev.onsale.waitingroom.intake.Intake;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.Heartbeats;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorService;
import dev.onsale.waitingroom.recovery.RoomRestorer;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.room.Autopilot;
import dev.onsale.waitingroom.room.RoomDirectory;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.RoomStateCache;
import dev.onsale.waitingroom.room.RoomStore;
import dev.onsale.waitingroom.room.Rooms;
import dev.onsale.waitingroom.room.SalesLoad;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
import dev.onsale.waitingroom.task.RoomFailures;
import dev.onsale.waitingroom.token.AdmissionTokens;
import dev.onsale.waitingroom.token.EntryStore;
import dev.onsale.waitingroom.token.StoredAdmissionKeys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
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

@Tag("services")
class RedisAwayTest {

    @Test
    void without_redis_the_visitor_is_told_to_come_back_and_the_process_starts_all_the_same() throws Exception {
        try (ConfigurableApplicationContext context = node(closedPort())) {
            WebTestClient alice = WebTestClient.bindToApplicationContext(context)
                    .configureClient()
                    .responseTimeout(BOUND)
                    .defaultHeader("Authorization", "Bearer buyer-alice")
                    .build();

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
    void a_node_without_redis_logs_each_trouble_once_and_names_redis_in_it(@TempDir Path folder) throws Exception {
        try (EmbeddedServices own =
                        EmbeddedServices.start(EmbeddedOptions.in(folder).only(Service.REDIS), line -> {});
                ConfigurableApplicationContext context = node(own.addresses().redisPort());
                LogLines lines = LogLines.of("ROOT")) {
            Rooms rooms = context.getBean(Rooms.class);
            SaleId direct = SaleId.of("sale-" + UUID.randomUUID());
            SaleId queued = SaleId.of("sale-" + UUID.randomUUID());
            await(rooms.open(direct, RoomSettings.defaults()));
            await(rooms.open(queued, RunningRoom.settings(5, 5, RoomSettings.Intake.KAFKA)));
            Intake intake = context.getBean(Intake.class);
            await(intake.join(direct, ALICE, JoinOrigin.UNKNOWN));

            own.kill(Service.REDIS);
            for (int asked = 0; asked < 5; asked++) {
                intake.join(queued, BOB, JoinOrigin.UNKNOWN).onErrorComplete().block(BOUND);
                intake.join(direct, BOB, JoinOrigin.UNKNOWN).onErrorComplete().block(BOUND);
            }
            Awaitility.await("more rounds")
                    .pollDelay(Duration.ofSeconds(8))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> true);

            List<String> ours = lines.warnings().stream()
                    .filter(line -> line.getLoggerName().startsWith("dev.onsale"))
                    // Other tests left records on the shared topic that are no joins.
                    .filter(line -> !line.getFormattedMessage().contains("cannot be read"))
                    .filter(line -> !causes(line.getThrowableProxy()).contains("InvalidValueException"))
                    // Rooms of other tests, which this node restores into its own Redis.
                    .filter(line -> !line.getFormattedMessage().startsWith("Restored the waiting room"))
                    .map(line -> line.getLoggerName() + " " + line.getFormattedMessage() + " "
                            + causes(line.getThrowableProxy()))
                    .toList();
            assertThat(ours).as("one line for each work").doesNotHaveDuplicates();
            assertThat(ours)
                    .as("by this the line counts as part of the outage")
                    .allMatch(line -> line.contains("RedisConnectionException")
                            || line.contains("RedisConnectionFailureException")
                            || line.contains("RedisCommandTimeoutException")
                            || line.contains("RedisException"));
            assertThat(ours).hasSizeLessThan(8);
            own.startAgain(Service.REDIS);
            Awaitility.await("admission goes on")
                    .atMost(BOUND.multipliedBy(2))
                    .ignoreExceptions()
                    .until(() -> context.getBean(AdmissionLoop.class).supervisedWork().stream()
                                    .allMatch(work -> work.state() == SupervisedWork.State.RUNNING)
                            && await(rooms.status(direct)).admittedTotal() > 0);
        }
    }

    private static String causes(@Nullable IThrowableProxy failure) {
        return failure == null ? "" : failure.getClassName() + " " + causes(failure.getCause());
    }

    private static ConfigurableApplicationContext node(int redisPort) {
        return new SpringApplicationBuilder(WaitingRoomApplication.class)
                .web(WebApplicationType.REACTIVE)
                .run(
                        "--server.port=0",
                        "--spring.data.redis.host=127.0.0.1",
                        "--spring.data.redis.port=" + redisPort,
                        "--spring.datasource.url=" + Database.url(),
                        "--spring.datasource.username=" + Database.user(),
                        "--spring.datasource.password=" + Database.password(),
                        "--spring.flyway.locations=classpath:db/migration/waiting-room",
                        "--onsale.waiting-room.kafka-group=redis-away",
                        "--spring.kafka.bootstrap-servers="
                                + TestServices.shared().kafkaBootstrapServers());
    }

    @Test
    void places_survive_a_redis_that_dies_and_comes_back(@TempDir Path folder) throws Exception {
        try (EmbeddedServices own =
                EmbeddedServices.start(EmbeddedOptions.in(folder).only(Service.REDIS), line -> {})) {
            LettuceConnectionFactory connections = connections(own.addresses().redisPort());
            try {
                RedisScripts redis = new RedisScripts(connections, Duration.ofSeconds(1));
                Node node = new Node(redis);
                VisitorService visitors = node.visitors;
                SaleId sale = SaleId.of("sale-" + UUID.randomUUID());
                await(node.rooms.open(sale, RoomSettings.defaults()));
                await(visitors.join(sale, BOB, JoinOrigin.UNKNOWN));
                await(visitors.join(sale, ALICE, JoinOrigin.UNKNOWN));

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
            EntryService entries = new Node(redis).entries;

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
        final VisitorService visitors;
        final Rooms rooms;
        final EntryService entries;

        Node(RedisScripts redis) {
            Clock clock = Clock.systemUTC();
            RoomStore store = new RoomStore(Database.jdbc(), RoomFixture.JSON, clock);
            RoomDirectory directory = new RoomDirectory(store, new RoomFailures(new SimpleMeterRegistry()));
            RoomStateCache watch = new RoomStateCache(redis, directory, clock);
            EntryStore entryStore = new EntryStore(Database.jdbc(), clock);
            Journal journal = new Journal(Database.jdbc(), new DataSourceTransactionManager(Database.source()));
            AdmissionTokens tokens = new AdmissionTokens(StoredAdmissionKeys.inMemory(), clock);
            WaitingRoomProperties properties = RoomFixture.properties(10, 1);
            visitors = new VisitorService(redis, watch, new Heartbeats(redis, 1), tokens, properties, clock);
            entries = new EntryService(redis, tokens, entryStore, visitors, watch, clock);
            rooms = new Rooms(
                    store,
                    directory,
                    watch,
                    new RoomRestorer(redis, store, directory, journal, entryStore, clock),
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
