package dev.onsale.paymentsimulator;

import static dev.onsale.paymentsimulator.GatewayClient.charge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChargeLifeTest extends SimulatorTest {

    @Test
    void an_approved_charge_is_authorized_and_can_be_read_by_id_and_by_key() {
        var client = clientOfNew(NO_LAG);

        var made = client.authorize("key-1", charge(4900, "tok_approved"));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("status")).isEqualTo("AUTHORIZED");
        assertThat(made.text("reference")).isEqualTo("reservation-1");
        assertThat(made.json().at("/amount/minorUnits").longValue()).isEqualTo(4900);
        assertThat(made.json().has("declineCode")).isFalse();
        assertThat(made.header("Location")).isEqualTo("/v1/authorizations/" + made.text("id"));
        assertThat(client.get(made.header("Location")).body()).isEqualTo(made.body());
        assertThat(client.findByKey("key-1").body()).isEqualTo(made.body());
    }

    @ParameterizedTest
    @CsvSource({
        "tok_declined_insufficient_funds, INSUFFICIENT_FUNDS",
        "tok_declined_card, CARD_DECLINED",
        "tok_declined_expired, CARD_EXPIRED",
        "tok_declined_fraud, FRAUD_SUSPECTED"
    })
    void a_test_token_forces_its_decline_whatever_the_success_rate(String token, String declineCode) {
        var client = clientOfNew(NO_LAG.withSuccessRate(1));

        var made = client.authorize("key-1", charge(4900, token));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("status")).isEqualTo("DECLINED");
        assertThat(made.text("declineCode")).isEqualTo(declineCode);
    }

    @Test
    void the_approving_token_wins_over_a_success_rate_of_zero() {
        var client = clientOfNew(NO_LAG.withSuccessRate(0));

        assertThat(client.authorize("key-1", charge(1, "tok_approved")).text("status"))
                .isEqualTo("AUTHORIZED");
        assertThat(client.authorize("key-2", charge(1, "card-of-alice")).text("status"))
                .isEqualTo("DECLINED");
    }

    @Test
    void a_charge_is_captured_and_then_refunded_in_parts_up_to_the_captured_sum() {
        var client = clientOfNew(NO_LAG);
        var id = client.authorized("key-1", 4900);

        var captured = client.capture(id, "key-2", 4000);
        assertThat(captured.status()).isEqualTo(200);
        assertThat(captured.text("status")).isEqualTo("CAPTURED");
        assertThat(captured.json().at("/capturedAmount/minorUnits").longValue()).isEqualTo(4000);

        assertThat(client.refund(id, "key-3", 1500).text("status")).isEqualTo("PARTIALLY_REFUNDED");
        var tooMuch = client.refund(id, "key-4", 2501);
        assertThat(tooMuch.status()).isEqualTo(409);
        assertThat(tooMuch.code()).isEqualTo("REFUND_EXCEEDS_CAPTURE");
        assertThat(client.refund(id, "key-5", 2500).text("status")).isEqualTo("REFUNDED");
        assertThat(client.refund(id, "key-6", 1).code()).isEqualTo("ALREADY_REFUNDED");
    }

    @Test
    void a_void_needs_no_body_and_ends_the_charge() {
        var client = clientOfNew(NO_LAG);
        var id = client.authorized("key-1", 4900);

        var voided = client.post("/v1/authorizations/" + id + "/voids", "key-2", "");

        assertThat(voided.status()).isEqualTo(200);
        assertThat(voided.text("status")).isEqualTo("VOIDED");
    }

    @Test
    void each_transition_that_is_not_allowed_is_refused_with_its_code_and_books_nothing() {
        var client = clientOfNew(NO_LAG);
        var declined =
                client.authorize("key-1", charge(100, "tok_declined_card")).text("id");
        var fresh = client.authorized("key-2", 100);
        var captured = client.authorized("key-3", 100);
        client.capture(captured, "key-4", 100);
        var voided = client.authorized("key-5", 100);
        client.voided(voided, "key-6");
        var entriesBefore = client.get("/v1/ledger").body();

        assertRefused(client.capture(declined, "no-1", 100), "AUTHORIZATION_DECLINED");
        assertRefused(client.voided(declined, "no-2"), "AUTHORIZATION_DECLINED");
        assertRefused(client.refund(declined, "no-3", 100), "AUTHORIZATION_DECLINED");
        assertRefused(client.refund(fresh, "no-4", 100), "NOT_CAPTURED");
        assertRefused(client.capture(fresh, "no-5", 101), "CAPTURE_EXCEEDS_AUTHORIZATION");
        assertRefused(client.capture(captured, "no-6", 100), "ALREADY_CAPTURED");
        assertRefused(client.voided(captured, "no-7"), "ALREADY_CAPTURED");
        assertRefused(client.capture(voided, "no-8", 100), "ALREADY_VOIDED");
        assertRefused(client.voided(voided, "no-9"), "ALREADY_VOIDED");
        assertRefused(client.refund(voided, "no-10", 100), "ALREADY_VOIDED");
        assertRefused(
                client.post(
                        "/v1/authorizations/" + fresh + "/captures",
                        "no-11",
                        "{\"amount\": {\"minorUnits\": 100, \"currency\": \"USD\"}}"),
                "CURRENCY_MISMATCH");

        assertThat(client.get("/v1/ledger").body()).isEqualTo(entriesBefore);
    }

    @Test
    void one_charge_has_at_most_a_hundred_refunds() {
        var client = clientOfNew(NO_LAG);
        var id = client.authorized("key-1", 1000);
        client.capture(id, "key-2", 1000);

        var refunded = IntStream.range(0, 101)
                .mapToObj(each -> client.refund(id, "refund-" + each, 1))
                .toList();

        assertThat(refunded.subList(0, 100)).allMatch(reply -> reply.status() == 200);
        assertRefused(refunded.get(100), "REFUNDS_EXHAUSTED");
    }

    @Test
    void a_charge_in_its_delay_is_pending_and_goes_on_when_its_client_hangs_up() {
        var client = clientOfNew(NO_LAG.withDelay(Duration.ofMillis(700), Duration.ofMillis(700)));
        var waiting = client.postAsync("/v1/authorizations", "key-1", charge(4900, "tok_approved"));

        await("the charge is under way")
                .atMost(Duration.ofSeconds(30))
                .until(() -> client.findByKey("key-1").status() == 202);
        var pending = client.findByKey("key-1");
        assertThat(pending.text("status")).isEqualTo("PENDING");
        assertThat(pending.header("Retry-After")).isEqualTo("1");
        waiting.cancel(true);

        await("the charge is decided without its client")
                .atMost(Duration.ofSeconds(30))
                .until(() -> client.findByKey("key-1").text("status").equals("AUTHORIZED"));
    }

    private static void assertRefused(GatewayClient.Reply reply, String code) {
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    }
}
