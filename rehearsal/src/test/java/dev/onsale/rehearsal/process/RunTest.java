package dev.onsale.rehearsal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.Http;
import dev.onsale.rehearsal.running.Sales;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Runs {@code ./onsale run} three times on one data folder with the demo sale: stopped by SIGINT, by SIGKILL and by
 * SIGINT.
 */
@Order(1)
@Tag("services")
class RunTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_sale_survives_ctrl_c_and_a_kill_and_nothing_is_left_running() throws Exception {
        Path data = folder.resolve("data");
        String performance;
        String reservation;
        String token;
        long head;

        try (Program first = started(data);
                Http http = first.awaitReady()) {
            token = token(http, "survivor");
            performance = scheduled(http);
            reservation = held(http, performance, token, "P-1-1")
                    .require(201)
                    .path("reservationId")
                    .asString();
            http.request("POST", "/api/reservations/" + reservation + "/payments")
                    .as(token)
                    .key("pay")
                    .json(Map.of("method", Map.of("type", "card", "token", "tok_approved")))
                    .send()
                    .require(202);
            awaitOwned(http, reservation, token);
            head = head(http);

            first.interrupt();

            assertThat(first.awaitExit()).as("exit status after SIGINT").isEqualTo(130);
            first.awaitNothingRuns();
            assertThat(first.temporaryFiles()).isEmpty();
            assertThat(first.complained()).isEmpty();
            assertThat(first.said()).as("a clean stop").doesNotContain(" WARN ", " ERROR ");
        }
        assertNothingTemporaryIn(data);

        try (Program second = started(data);
                Http http = second.awaitReady()) {
            assertThat(head(http)).as("position of the newest event").isEqualTo(head);
            awaitOwned(http, reservation, token);
            held(http, performance, token(http, "second"), "P-1-1").requireProblem(409, "SEAT_TAKEN");
            held(http, performance, token(http, "second"), "P-1-2").require(201);

            assertDemoIsOnSale(second, http);
            assertThat(second.complained()).isEmpty();

            second.kill();

            second.awaitExit();
            second.awaitNothingRuns();
        }

        try (Program third = started(data);
                Http http = third.awaitReady()) {
            awaitOwned(http, reservation, token);
            held(http, performance, token(http, "third"), "P-1-1").requireProblem(409, "SEAT_TAKEN");
            held(http, performance, token(http, "third"), "P-1-2").requireProblem(409, "SEAT_TAKEN");
            held(http, performance, token(http, "third"), "P-1-3").require(201);

            assertDemoIsOnSale(third, http);
            assertThat(third.complained()).isEmpty();

            third.interrupt();

            assertThat(third.awaitExit()).isEqualTo(130);
            third.awaitNothingRuns();
            assertThat(third.temporaryFiles()).isEmpty();
        }
        assertNothingTemporaryIn(data);
    }

    /** The demo's requests are the same at each start, and no start creates a second demo. */
    private static void assertDemoIsOnSale(Program program, Http http) throws Exception {
        assertThat(program.said()).contains("demo performance", "demo campaign").doesNotContain("could not be created");
        JsonNode performances =
                http.request("GET", "/api/performances").send().require(200).path("items");
        assertThat(performances
                        .valueStream()
                        .filter(item -> item.path("title").asString().equals("Opening Night")))
                .hasSize(1);
    }

    private Program started(Path data) throws Exception {
        return Program.start(
                folder,
                "--server.port=0",
                "--management.server.port=0",
                "--onsale.standalone.development-tokens.enabled=true",
                "--onsale.standalone.data=" + data);
    }

    private static String token(Http http, String subject, String... roles) throws Exception {
        return http.request("POST", "/dev/tokens")
                .json(Map.of("subject", subject, "roles", List.of(roles)))
                .send()
                .require(200)
                .path("token")
                .asString();
    }

    private static String scheduled(Http http) throws Exception {
        return http.request("POST", "/api/performances")
                .as(token(http, "operator", "operator"))
                .key("the-evening")
                .json(Sales.performance())
                .send()
                .require(201)
                .path("performanceId")
                .asString();
    }

    private static Answer held(Http http, String performance, String token, String seat) throws Exception {
        return http.request("POST", "/api/performances/" + performance + "/reservations")
                .as(token)
                .key("key-" + seat)
                .json(Map.of("seats", List.of(seat)))
                .send();
    }

    private static long head(Http http) throws Exception {
        return http.request("GET", "/api/audit/events?limit=1")
                .as(token(http, "operator", "operator"))
                .send()
                .require(200)
                .path("head")
                .asLong();
    }

    private static void awaitOwned(Http http, String reservation, String token) {
        await("reservation " + reservation + " paid and owned").atMost(LIMIT).untilAsserted(() -> {
            Answer answer = http.request("GET", "/api/reservations/" + reservation)
                    .as(token)
                    .send();
            JsonNode view = answer.require(200);
            assertThat(view.path("status").asString()).isEqualTo("CONFIRMED");
            assertThat(view.path("payment").path("status").asString("")).isEqualTo("CAPTURED");
        });
    }

    /** Sockets, unpacked libraries and pid files must not be stored with the data. */
    private static void assertNothingTemporaryIn(Path data) throws Exception {
        try (Stream<Path> files = Files.walk(data)) {
            assertThat(files.filter(file -> file.toString().matches(".*\\.(sock|pid|probe)"))
                            .map(data::relativize))
                    .isEmpty();
        }
    }
}
