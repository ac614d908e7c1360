package dev.onsale.rehearsal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.Http;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator and a buyer see of the product while Kafka is away. It kills Kafka and reads the console, hence a process of its
 * own: one for all of these tests, because a start takes long. The console is read before anything else is tried without Kafka.
 */
@Tag("services")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WithoutKafkaTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Long enough for the libraries to try again many times. */
    private static final Duration AWAY = Duration.ofSeconds(20);

    private static final Duration PLACE = Duration.ofSeconds(15);

    @SuppressWarnings("NullAway.Init") // Started before all tests.
    private Program program;

    @SuppressWarnings("NullAway.Init")
    private Http http;

    @SuppressWarnings("NullAway.Init")
    private Path data;

    private boolean away;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        data = folder.resolve("data");
        program = Program.start(
                folder,
                "--server.port=0",
                "--management.server.port=0",
                "--onsale.standalone.development-tokens.enabled=true",
                "--onsale.standalone.demo=false",
                "--onsale.standalone.data=" + data);
        http = program.awaitReady();
    }

    @AfterAll
    void stop() {
        program.close();
        http.close();
    }

    private void awayFromNowOn() throws Exception {
        if (!away) {
            program.killChild("kafka-logback.xml");
            away = true;
        }
    }

    @Test
    @Order(1)
    void a_server_with_development_tokens_listens_on_the_loopback_address_only() {
        int port = http.port();
        assertThat(Program.answers("127.0.0.1", port)).isTrue();
        // A server that listens on all addresses answers on this one, too.
        assertThat(Program.answers("127.0.0.2", port)).isFalse();
    }

    @Test
    @Order(2)
    void kafka_that_dies_is_one_line_on_the_console() throws Exception {
        awayFromNowOn();
        await("the outage").atMost(LIMIT).untilAsserted(() -> assertThat(troubles())
                .anyMatch(line -> line.contains("Kafka is away")));
        await("the time that it is away")
                .atMost(LIMIT)
                .pollDelay(AWAY)
                .until(() -> http.request("GET", "/api/performances").send().status() == 200);

        assertThat(troubles()).as("lines on the console").hasSize(1);
        assertThat(program.said()).as("stack traces").doesNotContain("\tat ");
        assertThat(program.complained()).isEmpty();
        assertThat(Files.readString(data.resolve("logs").resolve("onsale.log")))
                .as("the log has more of it")
                .contains("org.apache.kafka.clients.NetworkClient");
    }

    private List<String> troubles() throws Exception {
        return program.said()
                .lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .toList();
    }

    @Test
    @Order(3)
    void own_lists_are_whole_and_the_place_lasts_as_long_as_the_hold() throws Exception {
        String operator = token(http, "olivia", "operator");
        String alice = token(http, "alice");
        awayFromNowOn();

        String sale = schedule(http, operator);
        enter(http, operator, alice, sale);
        String first = hold(http, alice, sale, "A-1");
        String coupon = coupon(http, operator, alice);

        assertThat(see(http, alice, "/api/reservations/" + first)).contains(first);
        assertThat(see(http, alice, "/api/me/reservations")).contains(first);
        assertThat(see(http, alice, "/api/me/coupons")).contains(coupon);
        Instant placeEnds = Instant.now().plus(PLACE).plusSeconds(2);
        await("the end that the place would have had without the hold")
                .atMost(PLACE.plus(LIMIT))
                .until(() -> Instant.now().isAfter(placeEnds));
        String second = hold(http, alice, sale, "A-2");
        assertThat(see(http, alice, "/api/me/reservations")).contains(first, second);
    }

    private static String token(Http http, String subject, String... roles) throws Exception {
        return http.request("POST", "/dev/tokens")
                .json(Map.of("subject", subject, "roles", List.of(roles)))
                .send()
                .require(200)
                .path("token")
                .asString();
    }

    private static String schedule(Http http, String operator) throws Exception {
        Instant now = Instant.now();
        Map<String, Object> plan = Map.of(
                "name",
                "Hall",
                "categories",
                List.of(Map.of("name", "Stalls", "color", "#E87722")),
                "zones",
                List.of(Map.of(
                        "name",
                        "Stalls",
                        "position",
                        Map.of("x", 0, "y", 0),
                        "rows",
                        List.of(Map.of(
                                "row_number",
                                "A",
                                "position",
                                Map.of("x", 0, "y", 0),
                                "seats",
                                List.of(seat(1), seat(2)))))),
                "size",
                Map.of("width", 100, "height", 100));
        return http.request("POST", "/api/performances")
                .as(operator)
                .key("schedule")
                .json(Map.of(
                        "title",
                        "Premiere",
                        "startsAt",
                        now.plus(Duration.ofDays(3)).toString(),
                        "saleOpensAt",
                        now.minus(Duration.ofHours(1)).toString(),
                        "saleClosesAt",
                        now.plus(Duration.ofDays(2)).toString(),
                        "maxSeatsPerBuyer",
                        4,
                        "holdDuration",
                        "PT10M",
                        "waitingRoom",
                        true,
                        "prices",
                        Map.of("Stalls", Map.of("minorUnits", 4_900, "currency", "EUR")),
                        "seatingPlan",
                        plan))
                .send()
                .require(201)
                .path("performanceId")
                .asString();
    }

    private static Map<String, Object> seat(int number) {
        return Map.of(
                "seat_guid",
                "A-" + number,
                "seat_number",
                Integer.toString(number),
                "category",
                "Stalls",
                "position",
                Map.of("x", 25 * number, "y", 0));
    }

    private static void enter(Http http, String operator, String buyer, String sale) throws Exception {
        http.request("POST", "/api/admin/waiting-rooms/" + sale)
                .as(operator)
                .json(Map.of("activeSeconds", PLACE.toSeconds()))
                .send()
                .require(201);
        http.request("POST", "/api/waiting-rooms/" + sale + "/visitors")
                .as(buyer)
                .json(Map.of())
                .send()
                .require(202);
        String admission = Objects.requireNonNull(await("admission")
                .atMost(LIMIT)
                .until(
                        () -> http.request("GET", "/api/waiting-rooms/" + sale + "/visitors/me")
                                .as(buyer)
                                .send()
                                .json()
                                .path("admissionToken")
                                .asString(""),
                        token -> !token.isEmpty()));
        http.request("POST", "/api/sales/" + sale + "/entry")
                .as(buyer)
                .json(Map.of("admissionToken", admission))
                .send()
                .require(200);
    }

    private static String hold(Http http, String buyer, String sale, String seat) throws Exception {
        return http.request("POST", "/api/performances/" + sale + "/reservations")
                .as(buyer)
                .key("hold-" + seat)
                .json(Map.of("seats", List.of(seat)))
                .send()
                .require(201)
                .path("reservationId")
                .asString();
    }

    private static String coupon(Http http, String operator, String buyer) throws Exception {
        Instant now = Instant.now();
        String campaign = http.request("POST", "/api/campaigns")
                .as(operator)
                .key("launch")
                .json(Map.of(
                        "name", "Early birds",
                        "quantity", 5,
                        "opensAt", now.minus(Duration.ofMinutes(1)).toString(),
                        "closesAt", now.plus(Duration.ofDays(1)).toString(),
                        "discount", Map.of("percentOff", 5)))
                .send()
                .require(201)
                .path("campaignId")
                .asString();
        return http.request("POST", "/api/campaigns/" + campaign + "/coupons")
                .as(buyer)
                .key("coupon")
                .send()
                .require(201)
                .path("couponId")
                .asString();
    }

    private static String see(Http http, String buyer, String path) throws Exception {
        Answer answer = http.request("GET", path).as(buyer).send();
        answer.require(200);
        return answer.body();
    }
}
