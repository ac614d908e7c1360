package dev.onsale.command;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.CampaignId;
import dev.onsale.api.PerformanceId;
import dev.onsale.command.guard.TestSale;
import dev.onsale.testsupport.Races;
import dev.onsale.testsupport.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A request that a full queue turned away did nothing and keeps nothing: what it had claimed in the guard is free for the next
 * buyer at once, not when the claim lapses.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class OverloadTest {

    private static final int CROWD = 300;
    private static final int SEATS = 300;
    private static final int COUPONS = 100;
    /** Far longer than the test: a claim that is not released shows. */
    private static final String CLAIM_DURATION = "PT10M";

    private static final Duration GIVEN_BACK_WITHIN = Duration.ofSeconds(20);

    /** Asks until the guard of the new sale is there. */
    private static final String FIRST = "first";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ConfigurableApplicationContext host = CommandSideHost.start(
            TestDatabase.fresh(),
            "--onsale.command.writer-count=1",
            "--onsale.command.writer-queue-depth-max=1",
            "--onsale.command.claim-duration=" + CLAIM_DURATION,
            "--onsale.web.rate-limit.enabled=false");

    @AfterAll
    void stop() {
        http.close();
        host.close();
    }

    @Test
    void every_coupon_that_an_overflow_left_is_issued_right_after_it() throws Exception {
        CampaignId campaign = CampaignId.next();
        send(TestSale.launch(campaign, COUPONS, now()));
        await("the guard").atMost(Duration.ofSeconds(60)).until(() -> coupon(campaign, FIRST) == 201);

        Map<Integer, Long> crowd =
                Races.returned(Races.together(CROWD, person -> () -> coupon(campaign, "crowd-" + person))).stream()
                        .collect(groupingBy(status -> status, counting()));
        assertThat(crowd.getOrDefault(503, 0L)).as("turned away: %s", crowd).isPositive();
        long left = COUPONS - 1 - crowd.getOrDefault(201, 0L);

        for (int person = 0; person < left; person++) {
            String late = "late-" + person;
            awaitSold(() -> coupon(campaign, late));
        }
        assertThat(coupon(campaign, "too-late")).isEqualTo(409);
    }

    @Test
    void every_seat_that_an_overflow_left_is_held_right_after_it() throws Exception {
        PerformanceId performance = PerformanceId.next();
        send(TestSale.schedule(performance, SEATS, Duration.ofMinutes(5), now()));
        await("the guard").atMost(Duration.ofSeconds(60)).until(() -> hold(performance, FIRST, SEATS) == 201);

        List<Integer> crowd = Races.returned(Races.together(
                SEATS - 1, person -> () -> hold(performance, CommandSideHost.INSIDE + person, person + 1)));
        assertThat(crowd).contains(503);

        for (int person = 0; person < crowd.size(); person++) {
            if (crowd.get(person) == 503) {
                int seat = person + 1;
                awaitSold(() -> hold(performance, "late-" + seat, seat));
            }
        }
    }

    /** The claim is given back after the answer, which a busy machine shows. */
    private static void awaitSold(Callable<Integer> status) {
        await("what nobody has").atMost(GIVEN_BACK_WITHIN).until(status, sold -> sold == 201);
    }

    private Instant now() {
        return host.getBean(Clock.class).instant();
    }

    private void send(Object command) {
        Object unused = host.getBean(CommandGateway.class).sendAndWait(command, 20, TimeUnit.SECONDS);
    }

    private int coupon(CampaignId campaign, String person) throws Exception {
        return post("/api/campaigns/" + campaign + "/coupons", person, "");
    }

    private int hold(PerformanceId performance, String person, int seat) throws Exception {
        return post(
                "/api/performances/" + performance + "/reservations",
                person,
                "{\"seats\":[\"" + TestSale.label(seat) + "\"]}");
    }

    private int post(String path, String person, String body) throws Exception {
        String port = host.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + person)
                .header("Idempotency-Key", "key")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 503 && !person.equals(FIRST)) {
            assertThat(answer.body()).contains("\"OVERLOADED\"");
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
        return answer.statusCode();
    }
}
