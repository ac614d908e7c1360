package dev.onsale.paymentsimulator;

import static dev.onsale.paymentsimulator.GatewayClient.charge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTest extends SimulatorTest {

    @Test
    void more_requests_than_may_be_under_way_are_told_to_come_back() {
        var client = clientOfNew(
                NO_LAG.withDelay(Duration.ofSeconds(60), Duration.ofSeconds(60)).withLimits(100, 100, 2));
        startAndForget(client, "key-1");
        startAndForget(client, "key-2");
        await("two are under way")
                .atMost(Duration.ofSeconds(30))
                .until(() -> client.get("/health").json().path("inFlight").intValue() == 2);

        var third = client.authorize("key-3", charge(1));

        assertThat(third.status()).isEqualTo(503);
        assertThat(third.code()).isEqualTo("OVERLOADED");
        assertThat(third.header("Retry-After")).isEqualTo("1");
        assertThat(client.findByKey("key-3").status()).isEqualTo(404);
    }

    @Test
    void with_full_books_new_charges_are_refused_and_old_ones_can_still_be_captured() {
        var client = clientOfNew(NO_LAG.withLimits(1, 100, 10));
        var id = client.authorized("key-1", 4900);

        var refused = client.authorize("key-2", charge(1));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("LEDGER_FULL");
        assertThat(client.capture(id, "key-3", 4900).status()).isEqualTo(200);
    }

    @Test
    void when_no_more_keys_can_be_kept_known_keys_are_still_answered_and_new_ones_refused() {
        var client = clientOfNew(NO_LAG.withLimits(100, 2, 10));
        var first = client.authorize("key-1", charge(1));
        client.authorize("key-2", charge(1));

        assertThat(client.authorize("key-3", charge(1)).code()).isEqualTo("IDEMPOTENCY_STORE_FULL");
        assertThat(client.authorize("key-1", charge(1)).body()).isEqualTo(first.body());
    }

    @Test
    void delays_do_not_hold_up_other_requests() {
        var client = clientOfNew(NO_LAG.withDelay(Duration.ofSeconds(60), Duration.ofSeconds(60)));
        for (int each = 0; each < 200; each++) {
            startAndForget(client, "key-" + each);
        }
        await("all are under way at once")
                .atMost(Duration.ofSeconds(20))
                .until(() -> client.get("/health").json().path("inFlight").intValue() == 200);
    }

    @Test
    void a_taken_port_is_named_in_one_clear_line() {
        int taken = started(NO_LAG).baseUri().getPort();

        assertThatThrownBy(() -> started(NO_LAG.withPort(taken)))
                .isInstanceOf(SimulatorStartException.class)
                .hasMessageContaining("127.0.0.1:" + taken)
                .hasMessageContaining("Choose another port");
    }

    @Test
    void a_closed_simulator_leaves_no_thread_behind_and_may_be_closed_again() {
        var simulator = PaymentSimulator.start(NO_LAG);
        clientOf(simulator).get("/health");

        simulator.close();
        simulator.close();

        await("its threads end").atMost(Duration.ofSeconds(30)).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("payment-simulator")));
    }

    /** What becomes of it is not waited for: it lies in its delay when the simulator stops. */
    private static void startAndForget(GatewayClient client, String key) {
        var unused = client.postAsync("/v1/authorizations", key, charge(1));
    }
}
