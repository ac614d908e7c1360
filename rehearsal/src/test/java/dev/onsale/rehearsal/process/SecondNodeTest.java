package dev.onsale.rehearsal.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.embedded.Service;
import dev.onsale.rehearsal.running.Http;
import dev.onsale.testsupport.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of several nodes on one database exactly one accepts commands. Uses separate processes because one of them is
 * suspended.
 */
@Order(2)
@Tag("services")
class SecondNodeTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path folder = Path.of("");

    private final TestDatabase database = TestDatabase.fresh();

    @SuppressWarnings("NullAway.Init") // Started before the test.
    private EmbeddedServices services;

    /** Uses its own Kafka and Redis, because nodes on one Kafka share their consumer groups. */
    @BeforeEach
    void start() throws Exception {
        services = EmbeddedServices.start(
                EmbeddedOptions.in(folder.resolve("services")).only(Service.REDIS, Service.KAFKA), line -> {});
    }

    @AfterEach
    void stop() {
        services.close();
    }

    @Test
    void a_second_node_is_refused_in_one_line_and_a_node_that_was_replaced_while_it_was_paused_ends() throws Exception {
        try (Program first = started("first");
                Http http = first.awaitAnswers()) {
            try (Program second = started("second")) {
                assertThat(second.awaitExit(LIMIT)).isEqualTo(1);
                assertThat(second.complained())
                        .singleElement()
                        .asString()
                        .startsWith("Onsale did not start: ")
                        .containsIgnoringCase("another node");
                assertThat(second.said()).doesNotContain("WARN", "ERROR", "\tat ");
            }
            assertThat(http.request("GET", "/api/performances").send().status()).isEqualTo(200);

            first.signal("STOP");
            try (Program successor = started("successor");
                    Http successorHttp = successor.awaitAnswers()) {
                first.signal("CONT");
                assertThat(first.awaitExit(LIMIT)).isEqualTo(1);
                assertThat(first.complained()).anyMatch(line -> line.startsWith("Onsale ends: "));
                assertThat(successorHttp
                                .request("GET", "/api/performances")
                                .send()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    private Program started(String name) throws Exception {
        EmbeddedAddresses addresses = services.addresses();
        return Program.start(
                folder,
                "--server.port=0",
                "--management.server.port=0",
                "--onsale.standalone.demo=false",
                "--onsale.standalone.development-tokens.enabled=true",
                "--onsale.standalone.data=" + folder.resolve(name),
                // All nodes of one database use the same keys.
                "--onsale.seals.key-file=" + folder.resolve("seal-key.json"),
                "--onsale.personal-data.master-key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.user(),
                "--spring.datasource.password=" + database.password(),
                "--spring.data.redis.host=" + addresses.redisHost(),
                "--spring.data.redis.port=" + addresses.redisPort(),
                "--spring.kafka.bootstrap-servers=" + addresses.kafkaBootstrapServers());
    }
}
