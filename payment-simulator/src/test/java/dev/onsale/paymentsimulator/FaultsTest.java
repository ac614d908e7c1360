package dev.onsale.paymentsimulator;

import static dev.onsale.paymentsimulator.GatewayClient.charge;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultsTest extends SimulatorTest {
    private final GatewayClient client = clientOfNew(NO_LAG);

    @Test
    void a_lost_answer_leaves_the_charge_booked_and_found_by_its_key_and_by_a_repeat() {
        assertThat(client.put("/v1/settings", faults(0, 1, 0, 100)).status()).isEqualTo(200);

        client.postWithoutAnswer("/v1/authorizations", "key-1", charge(4900));

        var found = client.findByKey("key-1");
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.text("status")).isEqualTo("AUTHORIZED");
        assertThat(client.authorize("key-1", charge(4900)).text("id")).isEqualTo(found.text("id"));
        assertThat(client.get("/v1/ledger").json().path("entries").size()).isEqualTo(1);
    }

    @Test
    void a_lost_answer_to_a_capture_is_resolved_by_reading_the_authorization() {
        var id = client.authorized("key-1", 4900);
        client.put("/v1/settings", faults(0, 1, 0, 100));

        client.postWithoutAnswer("/v1/authorizations/" + id + "/captures", "key-2", GatewayClient.sum(4900));

        assertThat(client.get("/v1/authorizations/" + id).text("status")).isEqualTo("CAPTURED");
        assertThat(client.capture(id, "key-2", 4900).status()).isEqualTo(200);
    }

    @Test
    void the_token_for_a_lost_answer_needs_no_setting() {
        client.postWithoutAnswer("/v1/authorizations", "key-1", charge(4900, "tok_approved_answer_lost"));

        assertThat(client.findByKey("key-1").text("status")).isEqualTo("AUTHORIZED");
    }

    @Test
    void an_error_before_the_effect_books_nothing_and_the_key_was_never_seen() {
        client.put("/v1/settings", faults(1, 0, 0, 100));

        var failed = client.authorize("key-1", charge(4900));

        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.code()).isEqualTo("INJECTED_FAULT");
        assertThat(client.findByKey("key-1").status()).isEqualTo(404);
        assertThat(client.get("/v1/ledger").json().path("entries").size()).isZero();
    }

    @Test
    void a_retry_after_an_error_is_drawn_anew_so_that_it_can_succeed() {
        client.put("/v1/settings", faults(0.5, 0, 0, 100));

        for (int charge = 0; charge < 20; charge++) {
            var key = "key-" + charge;
            assertThat(IntStream.range(0, 30)
                            .map(attempt -> client.authorize(key, charge(4900)).status())
                            .filter(status -> status == 201)
                            .findFirst())
                    .as(key)
                    .hasValue(201);
        }
        assertThat(client.get("/v1/ledger").json().path("entries").size()).isEqualTo(20);
    }

    @Test
    void a_slow_answer_arrives_whole() {
        client.put("/v1/settings", faults(0, 0, 1, 1_000));

        var slow = client.authorize("key-1", charge(4900));

        assertThat(slow.status()).isEqualTo(201);
        assertThat(slow.body()).isEqualTo(client.findByKey("key-1").body());
    }

    @Test
    void settings_are_read_back_as_they_were_written() {
        var written = client.put("/v1/settings", faults(0.25, 0.5, 0.125, 64));

        assertThat(written.status()).isEqualTo(200);
        assertThat(client.get("/v1/settings").json()).isEqualTo(written.json());
        assertThat(written.json()).isEqualTo(Json.MAPPER.readTree("""
                {"successRate": 1.0, "delayMinMillis": 0, "delayMaxMillis": 0, "bookingDelayMillis": 0,
                 "faults": {"errorBeforeEffectProbability": 0.25, "answerLostProbability": 0.5,
                            "slowAnswerProbability": 0.125, "slowAnswerBytesPerSecond": 64}}"""));
    }

    @Test
    void a_changed_success_rate_holds_from_the_next_charge() {
        client.put("/v1/settings", faults(0, 0, 0, 100).replace("\"successRate\": 1", "\"successRate\": 0"));

        assertThat(client.authorize("key-1", charge(4900)).text("status")).isEqualTo("DECLINED");
    }
}
