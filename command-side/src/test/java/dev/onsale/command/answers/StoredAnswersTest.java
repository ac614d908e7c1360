package dev.onsale.command.answers;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.http.Ask;
import dev.onsale.command.http.Ask.Answer;
import dev.onsale.command.http.Ask.Said;
import dev.onsale.testsupport.Races;
import dev.onsale.testsupport.TestDatabase;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** Repeats over HTTP, on a command side that is started again on the same database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class StoredAnswersTest {

    private static final String CAMPAIGN = """
            {"name":"First","quantity":%d,"opensAt":"2020-01-01T00:00:00Z","closesAt":"2040-01-01T00:00:00Z",\
            "discount":{"percentOff":20}}""";
    private static final String CARD = "{\"method\":{\"type\":\"card\",\"token\":\"tok_approved\"}}";

    private final TestDatabase database = TestDatabase.fresh();
    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext host = CommandSideHost.start(database, CommandSideHost.NO_NODE_LEASE);
    private Ask ask = new Ask(http, host);

    @AfterAll
    void stop() {
        host.close();
        http.close();
    }

    private record Request(String buyer, String key, String path, String body) {}

    @Test
    void after_a_restart_every_repeat_gets_its_first_answer_byte_for_byte_and_another_body_is_refused()
            throws Exception {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        String performance = "/api/performances/" + sale;
        Map<Request, Said> first = new LinkedHashMap<>();
        String reservation =
                did(first, "alice", performance + "/reservations", seats(1, 2)).field("reservationId");
        did(first, "alice", "/api/reservations/" + reservation + "/payments", CARD);
        String campaign =
                did(first, "operator", "/api/campaigns", CAMPAIGN.formatted(1)).field("campaignId");
        // Until the guard knows a new campaign the answer is 503, which nobody stores.
        await("the coupon")
                .atMost(Duration.ofSeconds(60))
                .until(() -> did(first, "alice", "/api/campaigns/" + campaign + "/coupons", "")
                                .status()
                        == 201);
        did(first, "operator", performance + "/sale/open", "");
        did(first, "operator", "/api/campaigns/" + campaign + "/close", "");
        assertThat(first.values()).allMatch(said -> said.status() / 100 == 2);
        assertRepeats(first);

        host.close();
        host = CommandSideHost.start(database, CommandSideHost.NO_NODE_LEASE);
        ask = new Ask(http, host);

        assertRepeats(first);
        for (Request request : first.keySet()) {
            if (!request.body().isEmpty()) {
                String more = request.body().substring(0, request.body().length() - 1) + ",\"more\":1}";
                Answer other = ask.post(request.buyer(), request.key(), request.path(), more);
                assertThat(other.said().code()).as("%s", request).isEqualTo("IDEMPOTENCY_KEY_REUSED");
                assertThat(other.said().status()).isEqualTo(422);
            }
        }
        Answer bob = ask.post("bob", "key-of-alice", performance + "/reservations", seats(3));
        assertThat(bob.replayed()).as("a key is its buyer's own").isFalse();
    }

    @Test
    void a_repeat_that_writes_the_same_json_in_another_way_is_a_repeat() throws Exception {
        String path = "/api/performances/" + onSale(Duration.ofMinutes(5)) + "/reservations";
        String seat = TestSale.label(4).toString();
        Answer first = ask.post("alice", "same", path, "{\"seats\":[\"" + seat + "\"],\"quantity\":null}");
        assertThat(first.said().status()).isEqualTo(201);
        String escaped = "\\u%04x".formatted((int) seat.charAt(0)) + seat.substring(1);
        for (String repeat : List.of(
                "{\"quantity\":null,\"seats\":[\"" + seat + "\"]}",
                " { \"seats\" : [\n\"" + escaped + "\" ], \"quantity\":null }")) {
            Answer answer = ask.post("alice", "same", path, repeat);
            assertThat(answer.said()).as(repeat).isEqualTo(first.said());
            assertThat(answer.replayed()).as(repeat).isTrue();
        }
    }

    @Test
    void an_answer_that_an_earlier_version_stored_with_the_hash_of_the_bytes_is_still_found() throws Exception {
        String path = "/api/performances/" + onSale(Duration.ofMinutes(5)) + "/reservations";
        String body = "{\"seats\":[\"S-8\"],\"quantity\":null}"
                .replace("S-8", TestSale.label(8).toString());
        String reordered = "{\"quantity\":null,\"seats\":[\"S-8\"]}"
                .replace("S-8", TestSale.label(8).toString());
        String other = "{\"quantity\":null,\"seats\":[\"S-8\"]}"
                .replace("S-8", TestSale.label(9).toString());
        Answer first = ask.post("alice", "upgrade", path, body);
        assertThat(first.said().status()).isEqualTo(201);
        await("the stored answer, as the earlier version wrote it")
                .atMost(Duration.ofSeconds(60))
                .until(() -> storedWithHashOf(body, first) == 1);

        assertThat(ask.post("alice", "upgrade", path, body).replayed()).isTrue();
        assertThat(ask.post("alice", "upgrade", path, reordered).said())
                .as("the same meaning in other bytes, as the aggregate recognises it")
                .isEqualTo(first.said());
        assertThat(ask.post("alice", "upgrade", path, other).said().code())
                .as("another meaning, as the aggregate recognises it")
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");
    }

    /** Gives a stored answer the fingerprint that versions before this one would have given it. */
    private int storedWithHashOf(String body, Answer answer) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
        try (Connection connection = database.connect();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE stored_answer SET fingerprint = ?" + " WHERE status = 201 AND LOCATE(?, body) > 0")) {
            update.setBytes(1, Arrays.copyOf(hash, 16));
            update.setString(2, answer.said().field("reservationId"));
            return update.executeUpdate();
        }
    }

    @Test
    void a_hold_that_is_over_and_whose_seat_is_somebody_elses_is_still_answered_as_it_was() throws Exception {
        String path = "/api/performances/" + onSale(Duration.ofSeconds(1)) + "/reservations";
        Answer alices = ask.post("alice", "short", path, seats(1));
        await("the seat for bob")
                .atMost(Duration.ofSeconds(60))
                .until(() -> ask.post("bob", "later", path, seats(1)).said().status() == 201);
        Answer repeat = ask.post("alice", "short", path, seats(1));
        assertThat(repeat.said()).isEqualTo(alices.said());
        assertThat(repeat.replayed()).isTrue();
    }

    @Test
    void a_refusal_wrote_nothing_so_the_same_key_may_try_again() throws Exception {
        String path = "/api/performances/" + onSale(Duration.ofSeconds(1)) + "/reservations";
        ask.post("bob", "first", path, seats(1));
        assertThat(ask.post("alice", "again", path, seats(1)).said().code()).isEqualTo("SEAT_TAKEN");
        await("the seat for alice, under the key that was refused")
                .atMost(Duration.ofSeconds(60))
                .until(() -> ask.post("alice", "again", path, seats(1)).said().status() == 201);
    }

    @Test
    void an_old_order_of_the_operator_that_is_repeated_does_not_undo_the_newer_one() throws Exception {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        String path = "/api/performances/" + sale;
        assertThat(ask.post("operator", "open", path + "/sale/open", null)
                        .said()
                        .status())
                .isEqualTo(204);
        assertThat(ask.post("operator", "close", path + "/sale/close", null)
                        .said()
                        .status())
                .isEqualTo(204);
        Answer repeat = ask.post("operator", "open", path + "/sale/open", null);
        assertThat(repeat.said().status()).isEqualTo(204);
        assertThat(repeat.replayed()).isTrue();
        assertThat(ask.post("alice", "hold", path + "/reservations", seats(1))
                        .said()
                        .code())
                .isEqualTo("SALE_CLOSED");
    }

    @Test
    void one_key_a_hundred_times_at_once_has_one_effect_and_each_is_answered_like_the_first_or_told_to_wait()
            throws Exception {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        String path = "/api/performances/" + sale + "/reservations";
        List<Answer> answers =
                Races.returned(Races.together(100, index -> () -> ask.post("alice", "once", path, seats(7))));
        Map<Integer, Long> byStatus =
                answers.stream().collect(groupingBy(answer -> answer.said().status(), counting()));
        assertThat(byStatus.keySet()).isSubsetOf(201, 409).contains(201);
        assertThat(answers.stream()
                        .filter(answer -> answer.said().status() == 409)
                        .map(answer -> answer.said().code() + " " + answer.retryAfter())
                        .distinct())
                .isSubsetOf("REQUEST_IN_FLIGHT 1");
        Said first = ask.post("alice", "once", path, seats(7)).said();
        assertThat(answers.stream()
                        .filter(answer -> answer.said().status() == 201)
                        .map(Answer::said))
                .allMatch(first::equals);
        assertThat(count("SELECT COUNT(*) FROM domain_event WHERE payload_type = 'onsale.reservation-held'"
                        + " AND aggregate_identifier = '" + first.field("reservationId") + "'"))
                .isEqualTo(1);
    }

    @Test
    void a_request_whose_process_died_is_in_flight_until_its_lease_lapses() throws Exception {
        try (ConfigurableApplicationContext other = CommandSideHost.start(
                database, CommandSideHost.NO_NODE_LEASE, "--onsale.command.answers.lease-for=PT3S")) {
            Ask elsewhere = new Ask(http, other);
            String path = "/api/performances/" + onSale(Duration.ofMinutes(5)) + "/sale/open";
            Answer done = elsewhere.post("operator", "died", path, null);
            assertThat(done.said().status()).isEqualTo(204);
            // As a process leaves it that dies between the lease and the answer.
            update(
                    "UPDATE stored_answer SET status = 0 WHERE status = 204 AND id = (SELECT MAX(id) FROM stored_answer)");
            Answer early = elsewhere.post("operator", "died", path, null);
            assertThat(early.said().code()).isEqualTo("REQUEST_IN_FLIGHT");
            await("the lease to lapse")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> elsewhere
                                    .post("operator", "died", path, null)
                                    .said()
                                    .status()
                            == 204);
        }
    }

    @Test
    void a_repeat_on_another_node_is_answered_like_the_first() throws Exception {
        String path = "/api/performances/" + onSale(Duration.ofSeconds(1)) + "/reservations";
        try (ConfigurableApplicationContext other = CommandSideHost.start(database, CommandSideHost.NO_NODE_LEASE)) {
            Ask elsewhere = new Ask(http, other);
            Answer first = ask.post("alice", "two-nodes", path, seats(9));
            assertThat(first.said().status()).isEqualTo(201);
            await("the name on the other node").atMost(Duration.ofSeconds(60)).until(() -> elsewhere
                    .post("alice", "two-nodes", path, seats(9))
                    .replayed());
            assertThat(elsewhere.post("alice", "two-nodes", path, seats(9)).said())
                    .isEqualTo(first.said());
        }
    }

    @Test
    void answers_that_are_over_are_removed_in_batches_and_no_longer_given() throws Exception {
        TestDatabase own = TestDatabase.fresh();
        try (ConfigurableApplicationContext shortly = CommandSideHost.start(
                own,
                "--onsale.command.answers.kept-for=PT2S",
                "--onsale.command.answers.clean-every=PT0.2S",
                "--onsale.command.answers.clean-batch=2")) {
            Ask there = new Ask(http, shortly);
            for (int i = 0; i < 7; i++) {
                there.post("operator", "campaign-" + i, "/api/campaigns", CAMPAIGN.formatted(1));
            }
            await("every answer to be removed")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> count(own, "SELECT COUNT(*) FROM stored_answer") == 0);
            Answer late = there.post("operator", "campaign-0", "/api/campaigns", CAMPAIGN.formatted(1));
            assertThat(late.replayed()).isFalse();
            assertThat(late.said().status())
                    .as("the campaign itself knows the repeat")
                    .isEqualTo(201);
        }
    }

    private Said did(Map<Request, Said> done, String buyer, String path, String body) throws Exception {
        Request request = new Request(buyer, "key-of-" + buyer, path, body);
        Answer answer = ask.post(request.buyer(), request.key(), path, body.isEmpty() ? null : body);
        assertThat(answer.replayed()).as("%s was answered %s", request, answer).isFalse();
        done.put(request, answer.said());
        return answer.said();
    }

    private void assertRepeats(Map<Request, Said> first) throws Exception {
        for (Map.Entry<Request, Said> one : first.entrySet()) {
            Request request = one.getKey();
            Answer repeat = ask.post(
                    request.buyer(),
                    request.key(),
                    request.path(),
                    request.body().isEmpty() ? null : request.body());
            assertThat(repeat.said()).as("%s", request).isEqualTo(one.getValue());
            assertThat(repeat.replayed()).as("%s is replayed", request).isTrue();
        }
    }

    private PerformanceId onSale(Duration hold) {
        PerformanceId id = PerformanceId.next();
        SchedulePerformance schedule =
                TestSale.schedule(id, 20, hold, host.getBean(Clock.class).instant());
        host.getBean(CommandGateway.class).sendAndWait(schedule, 30, TimeUnit.SECONDS);
        return id;
    }

    private static String seats(int... numbers) {
        StringBuilder labels = new StringBuilder();
        for (int number : numbers) {
            labels.append(labels.isEmpty() ? "" : ",")
                    .append('"')
                    .append(TestSale.label(number))
                    .append('"');
        }
        return "{\"seats\":[" + labels + "]}";
    }

    private long count(String sql) throws Exception {
        return count(database, sql);
    }

    private static long count(TestDatabase database, String sql) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void update(String sql) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
