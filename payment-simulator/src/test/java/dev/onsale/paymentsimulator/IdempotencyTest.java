package dev.onsale.paymentsimulator;

import static dev.onsale.paymentsimulator.GatewayClient.charge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdempotencyTest extends SimulatorTest {

    @Test
    void a_repeat_gets_the_same_answer_byte_for_byte_without_effect() {
        var client = clientOfNew(NO_LAG);
        var made = client.authorize("key-1", charge(4900, "tok_approved"));
        var captured = client.capture(made.text("id"), "key-2", 4900);
        var refused = client.voided(made.text("id"), "key-3");

        assertSame(client.authorize("key-1", charge(4900, "tok_approved")), made);
        assertSame(client.capture(made.text("id"), "key-2", 4900), captured);
        assertSame(client.voided(made.text("id"), "key-3"), refused);
        assertThat(client.get("/v1/ledger").json().path("entries").size()).isEqualTo(2);
    }

    @Test
    void a_repeat_may_be_spaced_and_ordered_differently() {
        var client = clientOfNew(NO_LAG);
        var made = client.authorize("key-1", charge(4900));

        var repeat = client.authorize(
                "key-1", "{\"reference\":\"reservation-1\",\"amount\":{\"currency\":\"EUR\",\"minorUnits\":4900}}");

        assertSame(repeat, made);
    }

    @Test
    void a_key_cannot_be_used_for_another_body_or_another_operation() {
        var client = clientOfNew(NO_LAG);
        var id = client.authorized("key-1", 4900);

        assertThat(client.authorize("key-1", charge(4901, "tok_approved")).status())
                .isEqualTo(422);
        assertThat(client.authorize("key-1", charge(4900)).code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(client.capture(id, "key-1", 4900).status()).isEqualTo(422);
        assertThat(client.get("/v1/ledger").json().path("entries").size()).isEqualTo(1);
    }

    @Test
    void a_repeat_while_the_first_is_under_way_is_refused_and_another_body_too() throws Exception {
        var client = clientOfNew(NO_LAG.withDelay(Duration.ofSeconds(1), Duration.ofSeconds(1)));
        var first = client.postAsync("/v1/authorizations", "key-1", charge(4900));
        await("the first is under way")
                .atMost(Duration.ofSeconds(30))
                .until(() -> client.findByKey("key-1").status() == 202);

        var repeat = client.authorize("key-1", charge(4900));
        var other = client.authorize("key-1", charge(1));

        assertThat(repeat.status()).isEqualTo(409);
        assertThat(repeat.code()).isEqualTo("IDEMPOTENCY_KEY_IN_FLIGHT");
        assertThat(repeat.header("Retry-After")).isEqualTo("1");
        assertThat(other.status()).isEqualTo(422);
        assertThat(first.get(20, TimeUnit.SECONDS).status()).isEqualTo(201);
    }

    @Test
    void a_hundred_parallel_requests_with_one_key_have_one_effect() throws Exception {
        var client = clientOfNew(NO_LAG.withSuccessRate(1).withDelay(Duration.ZERO, Duration.ofMillis(100)));

        var replies = IntStream.range(0, 100)
                .mapToObj(each -> client.postAsync("/v1/authorizations", "key-1", charge(4900)))
                .toList();
        CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);

        var answered = replies.stream()
                .map(CompletableFuture::resultNow)
                .filter(reply -> reply.status() == 201)
                .toList();
        assertThat(answered).isNotEmpty();
        assertThat(answered.stream().map(GatewayClient.Reply::body).distinct()).hasSize(1);
        assertThat(replies.stream().map(CompletableFuture::resultNow).filter(reply -> reply.status() != 201))
                .allMatch(reply -> reply.code().equals("IDEMPOTENCY_KEY_IN_FLIGHT"));
        assertThat(client.get("/v1/ledger").json().path("entries").size()).isEqualTo(1);
    }

    @Test
    void a_hundred_parallel_captures_with_different_keys_take_the_money_once() throws Exception {
        var client = clientOfNew(NO_LAG);
        var id = client.authorized("key-1", 4900);

        var replies = IntStream.range(0, 100)
                .mapToObj(each -> client.postAsync(
                        "/v1/authorizations/" + id + "/captures", "capture-" + each, GatewayClient.sum(4900)))
                .toList();
        CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);

        var results = replies.stream().map(CompletableFuture::resultNow).toList();
        assertThat(results).filteredOn(reply -> reply.status() == 200).hasSize(1);
        assertThat(results)
                .filteredOn(reply -> reply.code().equals("ALREADY_CAPTURED"))
                .hasSize(99);
    }

    @Test
    void after_the_retention_the_key_is_a_new_request_and_the_newest_charge_is_found() {
        var clock = new HandClock();
        var client = clientOf(started(NO_LAG.withIdempotencyRetention(Duration.ofHours(1)), clock));
        var first = client.authorize("key-1", charge(4900, "tok_approved"));

        clock.advance(Duration.ofHours(1).minusMillis(1));
        assertSame(client.authorize("key-1", charge(4900, "tok_approved")), first);
        clock.advance(Duration.ofMillis(1));
        var second = client.authorize("key-1", charge(4900, "tok_approved"));

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.text("id")).isNotEqualTo(first.text("id"));
        assertThat(client.findByKey("key-1").text("id")).isEqualTo(second.text("id"));
    }

    private static void assertSame(GatewayClient.Reply repeat, GatewayClient.Reply first) {
        assertThat(repeat.status()).isEqualTo(first.status());
        assertThat(repeat.body()).isEqualTo(first.body());
        assertThat(repeat.header("Location")).isEqualTo(first.header("Location"));
        assertThat(repeat.header("Content-Type")).isEqualTo(first.header("Content-Type"));
    }

    /** Time that moves by hand. */
    static final class HandClock extends Clock {
        private volatile Instant now = Instant.parse("2026-05-01T12:00:00Z");

        synchronized void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("only instants are read");
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
