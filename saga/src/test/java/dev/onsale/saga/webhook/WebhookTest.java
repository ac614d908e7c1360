package dev.onsale.saga.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.paymentsimulator.PaymentSimulator;
import dev.onsale.paymentsimulator.SimulatorOptions;
import dev.onsale.paymentsimulator.Webhooks;
import dev.onsale.saga.reservation.GatewayReconciliation;
import dev.onsale.saga.step.Step;
import dev.onsale.saga.step.Steps;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTest {

    private static final String SECRET = "whsec_0123456789abcdef";
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final PaymentId payment = PaymentId.next();
    private final byte[] body = ("{\"reference\":\"" + payment + "\"}").getBytes(StandardCharsets.UTF_8);
    private final List<String> woken = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private PaymentWebhookController controller(Clock clock) {
        Steps steps = new Steps() {
            @Override
            public void next(Step step) {
                throw new AssertionError("a webhook asks for no step");
            }

            @Override
            public int wake(String id) {
                woken.add(id);
                return 1;
            }

            @Override
            public void at(Instant due, Step step) {
                asked.add(step.id());
            }
        };
        return new PaymentWebhookController(
                new WebhookProperties(SECRET, Duration.ofMinutes(5)),
                steps,
                new GatewayReconciliation(steps, clock),
                clock);
    }

    private PaymentWebhookController controller() {
        return controller(Clock.fixed(NOON, ZoneOffset.UTC));
    }

    private static String mac(String secret, Instant at, byte[] body) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update((at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(mac.doFinal(body));
    }

    private String signed(Instant at) throws GeneralSecurityException {
        return "t=" + at.getEpochSecond() + ",v1=" + mac(SECRET, at, body);
    }

    private void refuses(@Nullable String header, byte[] content) {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> controller().told(header, null, content));
        assertThat(refused).as("%s", header).isNotNull();
        assertThat(refused.code()).isEqualTo(RefusalCode.WEBHOOK_REFUSED);
        assertThat(woken).isEmpty();
    }

    @Test
    void a_signed_call_wakes_the_payments_steps_and_a_repeat_only_does_so_again() throws Exception {
        String header = signed(NOON);
        assertThat(controller().told(header, null, body).getStatusCode().value())
                .isEqualTo(204);
        assertThat(controller().told(header, null, body).getStatusCode().value())
                .isEqualTo(204);
        assertThat(woken).containsExactly(payment.toString(), payment.toString());
    }

    @Test
    void what_is_not_signed_or_not_now_is_refused_and_changes_nothing() throws Exception {
        refuses(null, body);
        refuses("nonsense", body);
        refuses("t=" + NOON.getEpochSecond() + ",v1=" + mac("another secret of theirs", NOON, body), body);
        refuses(signed(NOON), "{\"reference\":\"x\"}".getBytes(StandardCharsets.UTF_8));
        refuses(signed(NOON.minus(Duration.ofMinutes(5)).minusSeconds(1)), body);
        refuses(signed(NOON.plus(Duration.ofMinutes(5)).plusSeconds(1)), body);
        refuses("t=" + NOON.plusSeconds(60).getEpochSecond() + ",v1=" + mac(SECRET, NOON, body), body);
        controller().told(signed(NOON.minus(Duration.ofMinutes(5))), null, body);
        assertThat(woken).as("just within the window").hasSize(1);
    }

    @Test
    void stripes_form_is_understood() throws Exception {
        byte[] event = ("{\"data\":{\"object\":{\"metadata\":{\"onsale_payment_id\":\"" + payment + "\"}}}}")
                .getBytes(StandardCharsets.UTF_8);
        controller()
                .told(
                        null,
                        "t=" + NOON.getEpochSecond() + ",v1=" + mac("an old secret, being replaced", NOON, event)
                                + ",v1=" + mac(SECRET, NOON, event) + ",v0=00",
                        event);
        assertThat(woken).containsExactly(payment.toString());
    }

    private void tells(String event) throws GeneralSecurityException {
        byte[] told = event.getBytes(StandardCharsets.UTF_8);
        String header = "t=" + NOON.getEpochSecond() + ",v1=" + mac(SECRET, NOON, told);
        assertThat(controller().told(null, header, told).getStatusCode().value())
                .as(event)
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "{\"reference\":\"of-another-shop\"}",
                "{\"reference\":7}",
                "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"payout.paid\",\"data\":{\"object\":{\"id\":\"po_1\",\"object\":\"payout\",\"metadata\":{}}}}",
                "{\"type\":\"charge.succeeded\",\"data\":{\"object\":{\"metadata\":{\"order\":\"77\"}}}}",
                "{\"id\":\"evt_2\",\"type\":\"payment_intent.canceled\",\"data\":{\"object\":{\"id\":\"pi_7\",\"object\":\"payment_intent\",\"metadata\":{\"order\":\"7\"}}}}",
                "{\"id\":\"evt_3\",\"type\":\"payment_intent.succeeded\",\"data\":{\"object\":{\"id\":\"pi_7\",\"object\":\"payment_intent\",\"metadata\":{\"onsale_payment_id\":\"nonsense\"}}}}",
                "{\"id\":\"evt_4\",\"type\":\"a.type.of.next.year\",\"data\":{\"object\":{\"id\":\"x_1\",\"object\":\"x\"}}}",
                "{\"id\":\"evt_5\",\"type\":\"charge.refunded\",\"data\":{\"object\":{\"id\":\"ch_1\",\"object\":\"charge\",\"payment_intent\":null}}}",
                "{\"id\":\"evt_6\",\"type\":\"charge.dispute.created\",\"data\":null}"
            })
    void a_signed_call_that_concerns_others_is_taken_and_left_alone(String event) throws Exception {
        tells(event);
        assertThat(woken).isEmpty();
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"charge.refunded\",\"data\":{\"object\":{\"id\":\"ch_1\",\"object\":\"charge\",\"payment_intent\":\"pi_1\"}}",
                "\"charge.refund.updated\",\"data\":{\"object\":{\"id\":\"re_1\",\"object\":\"refund\",\"payment_intent\":\"pi_1\"}}",
                "\"refund.failed\",\"data\":{\"object\":{\"id\":\"re_1\",\"object\":\"refund\",\"payment_intent\":{\"id\":\"pi_1\"}}}",
                "\"charge.dispute.created\",\"data\":{\"object\":{\"id\":\"dp_1\",\"object\":\"dispute\",\"payment_intent\":\"pi_1\"}}",
                "\"charge.dispute.closed\",\"data\":{\"object\":{\"id\":\"dp_1\",\"object\":\"dispute\",\"payment_intent\":\"pi_1\"}}"
            })
    void what_may_have_happened_without_onsale_becomes_a_step_that_looks(String event) throws Exception {
        tells("{\"id\":\"evt_1\",\"object\":\"event\",\"type\":" + event + "}");
        assertThat(asked).containsExactly("evt_1");
    }

    @Test
    void a_cancellation_at_the_dashboard_wakes_the_payment_and_is_looked_at() throws Exception {
        tells(
                "{\"id\":\"evt_1\",\"type\":\"payment_intent.canceled\",\"data\":{\"object\":{\"id\":\"pi_1\",\"object\":\"payment_intent\","
                        + "\"metadata\":{\"onsale_payment_id\":\"" + payment + "\"}}}}");
        assertThat(woken).containsExactly(payment.toString());
        assertThat(asked).containsExactly("evt_1");
    }

    @Test
    void the_simulator_tells_of_every_booking_twice_and_late_if_it_is_told_to() throws Exception {
        PaymentWebhookController controller = controller(Clock.systemUTC());
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            controller.told(
                    exchange.getRequestHeaders().getFirst(PaymentWebhookController.SIGNATURE),
                    null,
                    exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        URI address = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/");
        try (PaymentSimulator simulator = PaymentSimulator.start(SimulatorOptions.defaults()
                        .withDelay(Duration.ZERO, Duration.ZERO)
                        .withWebhooks(new Webhooks(address, SECRET, 1, 1, Duration.ofMillis(50))));
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest charge = HttpRequest.newBuilder(URI.create(simulator.baseUri() + "/v1/authorizations"))
                    .timeout(Duration.ofSeconds(10))
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", payment.toString())
                    .POST(HttpRequest.BodyPublishers.ofString("{\"amount\":{\"minorUnits\":100,\"currency\":\"EUR\"},"
                            + "\"reference\":\"" + payment + "\",\"paymentToken\":\"tok_approved\"}"))
                    .build();
            assertThat(http.send(charge, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(201);
            Awaitility.await("both calls").atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(woken)
                    .containsExactly(payment.toString(), payment.toString()));
        } finally {
            receiver.stop(0);
        }
    }
}
