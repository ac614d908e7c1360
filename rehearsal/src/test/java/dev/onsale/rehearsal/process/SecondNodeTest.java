package dev.onsale.rehearsal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.embedded.Service;
import dev.onsale.paymentsimulator.PaymentSimulator;
import dev.onsale.paymentsimulator.SimulatorOptions;
import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.Http;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.testsupport.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes on one database, Redis and Kafka sell the same performances. Uses separate processes because one of them is
 * suspended.
 */
@Order(2)
@Tag("services")
class SecondNodeTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Enough that each node owns some of them, all but surely. */
    private static final int SALES = 8;

    @TempDir
    private Path folder = Path.of("");

    private final TestDatabase database = TestDatabase.fresh();

    @SuppressWarnings("NullAway.Init") // Started before the test.
    private EmbeddedServices services;

    @SuppressWarnings("NullAway.Init") // Started before the test.
    private PaymentSimulator gateway;

    /** Uses its own Kafka and Redis, because nodes on one Kafka share their consumer groups. */
    @BeforeEach
    void start() throws Exception {
        services = EmbeddedServices.start(
                EmbeddedOptions.in(folder.resolve("services")).only(Service.REDIS, Service.KAFKA), line -> {});
        gateway = PaymentSimulator.start(
                SimulatorOptions.defaults().withSuccessRate(1).withDelay(Duration.ZERO, Duration.ofMillis(20)));
    }

    @AfterEach
    void stop() {
        gateway.close();
        services.close();
    }

    @Test
    void what_one_node_does_another_knows_and_when_one_is_paused_the_other_sells_on() throws Exception {
        try (Program first = started("first");
                Http http = first.awaitAnswers();
                Program second = started("second");
                Http other = second.awaitAnswers()) {
            List<String> sales = new ArrayList<>();
            for (int sale = 0; sale < SALES; sale++) {
                sales.add(scheduled(sale % 2 == 0 ? http : other));
            }
            for (String sale : sales) {
                String paid = held(http, sale, "P-1-1")
                        .require(201)
                        .path("reservationId")
                        .asString();
                pays(other, paid).require(202);
                awaitStatus(http, paid, "CONFIRMED");
                held(other, sale, "P-1-1").requireProblem(409, "SEAT_TAKEN");
            }
            closes(http, sales.getFirst());
            held(other, sales.getFirst(), "P-2-1").requireProblem(409, "SALE_CLOSED");
            closes(other, sales.getLast());
            held(http, sales.getLast(), "P-2-1").requireProblem(409, "SALE_CLOSED");

            first.signal("STOP");
            for (String sale : sales.subList(1, SALES - 1)) {
                await("the other node sells " + sale)
                        .atMost(LIMIT)
                        .until(() -> held(other, sale, "P-2-1").status() == 201);
            }
            first.signal("CONT");
            for (String sale : sales.subList(1, SALES - 1)) {
                await("the node that was paused knows what was sold meanwhile")
                        .atMost(LIMIT)
                        .until(() -> held(http, sale, "P-2-1").code().equals("SEAT_TAKEN"));
            }
        }
    }

    private static Answer held(Http node, String sale, String seat) throws Exception {
        return node.request("POST", "/api/performances/" + sale + "/reservations")
                .as(token(node, "alice-" + seat, List.of()))
                .key(UUID.randomUUID().toString())
                .json(Map.of("seats", List.of(seat)))
                .send();
    }

    private static Answer pays(Http node, String reservation) throws Exception {
        return node.request("POST", "/api/reservations/" + reservation + "/payments")
                .as(token(node, "alice-P-1-1", List.of()))
                .key("pay-" + reservation)
                .json(Map.of("method", Map.of("type", "card", "token", Person.GOOD_CARD)))
                .send();
    }

    private static void closes(Http node, String sale) throws Exception {
        assertThat(node.request("POST", "/api/performances/" + sale + "/sale/close")
                        .as(token(node, "operator", List.of("operator")))
                        .key(UUID.randomUUID().toString())
                        .send()
                        .status())
                .isBetween(200, 204);
    }

    private static String scheduled(Http node) throws Exception {
        return node.request("POST", "/api/performances")
                .as(token(node, "operator", List.of("operator")))
                .key(UUID.randomUUID().toString())
                .json(Sales.performance())
                .send()
                .require(201)
                .path("performanceId")
                .asString();
    }

    private static void awaitStatus(Http node, String reservation, String status) {
        await("reservation " + reservation + " " + status).atMost(LIMIT).until(() -> node.request(
                        "GET", "/api/reservations/" + reservation)
                .as(token(node, "alice-P-1-1", List.of()))
                .send()
                .body()
                .contains("\"" + status + "\""));
    }

    /** Each node is an issuer of its own here, so a token is used at the node that issued it. */
    private static String token(Http node, String subject, List<String> roles) throws Exception {
        return node.request("POST", "/dev/tokens")
                .json(Map.of("subjects", List.of(subject), "roles", roles))
                .send()
                .require(200)
                .path("tokens")
                .path(subject)
                .asString();
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
                "--onsale.payment.base-url=" + gateway.baseUri(),
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.user(),
                "--spring.datasource.password=" + database.password(),
                "--spring.data.redis.host=" + addresses.redisHost(),
                "--spring.data.redis.port=" + addresses.redisPort(),
                "--spring.kafka.bootstrap-servers=" + addresses.kafkaBootstrapServers());
    }
}
