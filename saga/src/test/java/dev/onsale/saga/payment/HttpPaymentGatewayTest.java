package dev.onsale.saga.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.paymentsimulator.PaymentSimulator;
import dev.onsale.paymentsimulator.SimulatorOptions;
import dev.onsale.saga.payment.GatewayAnswer.Absent;
import dev.onsale.saga.payment.GatewayAnswer.Authorized;
import dev.onsale.saga.payment.GatewayAnswer.Declined;
import dev.onsale.saga.payment.GatewayAnswer.Found;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Refused;
import dev.onsale.saga.payment.GatewayAnswer.Settled;
import dev.onsale.saga.payment.GatewayAnswer.Status;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

class HttpPaymentGatewayTest {

    private static final Money PRICE = Money.of(4_900, "EUR");
    private static final PaymentMethod APPROVED = new PaymentMethod.Card("tok_approved");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PaymentId payment = PaymentId.next();
    private final PaymentSimulator simulator =
            PaymentSimulator.start(SimulatorOptions.defaults().withDelay(Duration.ZERO, Duration.ZERO));
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    @AfterEach
    void close() {
        context.close();
        simulator.close();
    }

    private PaymentGateway gateway() {
        return gateway(simulator.baseUri(), Duration.ofSeconds(5), 16, Duration.ofSeconds(30));
    }

    private PaymentGateway gateway(URI baseUrl, Duration readTimeout, int concurrentCallsMax, Duration open) {
        TestPropertyValues.of(
                        "onsale.payment.base-url=" + baseUrl,
                        "onsale.payment.connect-timeout=PT1S",
                        "onsale.payment.read-timeout=" + readTimeout,
                        "onsale.payment.concurrent-calls-max=" + concurrentCallsMax,
                        "onsale.payment.circuit-open-duration=" + open)
                .applyTo(context);
        context.register(PaymentGatewayConfiguration.class);
        context.refresh();
        return context.getBean(PaymentGateway.class);
    }

    private Authorized authorized(PaymentGateway gateway) throws InterruptedException {
        GatewayAnswer answer = authorize(gateway, payment, PRICE, APPROVED);
        assertThat(answer).isInstanceOf(Authorized.class);
        return (Authorized) answer;
    }

    private Status statusOf(PaymentGateway gateway) throws InterruptedException {
        GatewayAnswer answer = find(gateway, payment);
        assertThat(answer).isInstanceOf(Found.class);
        return ((Found) answer).status();
    }

    @Test
    void an_approved_card_is_authorised_and_a_repeat_is_answered_the_same() throws Exception {
        PaymentGateway gateway = gateway();
        Authorized first = authorized(gateway);

        assertThat(authorize(gateway, payment, PRICE, APPROVED)).isEqualTo(first);
        assertThat(find(gateway, payment))
                .isEqualTo(new Found(first.gatewayReference(), Status.AUTHORIZED, PRICE, "DECLINED"));
    }

    @Test
    void a_declined_card_is_declined_with_the_banks_reason() throws Exception {
        PaymentGateway gateway = gateway();

        assertThat(authorize(gateway, payment, PRICE, new PaymentMethod.Card("tok_declined_expired")))
                .isEqualTo(new Declined("CARD_EXPIRED"));
        assertThat(statusOf(gateway)).isEqualTo(Status.DECLINED);
    }

    @Test
    void a_card_token_that_the_gateway_will_not_read_is_declined() throws Exception {
        assertThat(authorize(gateway(), payment, PRICE, new PaymentMethod.Card("not a token")))
                .isEqualTo(new Declined("FIELD_INVALID"));
    }

    @Test
    void captured_money_can_be_refunded_once() throws Exception {
        PaymentGateway gateway = gateway();
        String reference = authorized(gateway).gatewayReference();

        assertThat(gateway.capture(payment, reference, PRICE, 0)).isEqualTo(new Settled());
        assertThat(gateway.capture(payment, reference, PRICE, 0)).isEqualTo(new Settled());
        assertThat(gateway.voidAuthorization(payment, reference, 0)).isEqualTo(new Refused("ALREADY_CAPTURED"));
        assertThat(gateway.refund(payment, reference, PRICE, 0)).isEqualTo(new Settled());
        assertThat(gateway.refund(payment, reference, PRICE, 0)).isEqualTo(new Settled());
        assertThat(statusOf(gateway)).isEqualTo(Status.REFUNDED);
    }

    @Test
    void a_voided_authorisation_cannot_be_captured() throws Exception {
        PaymentGateway gateway = gateway();
        String reference = authorized(gateway).gatewayReference();

        assertThat(gateway.voidAuthorization(payment, reference, 0)).isEqualTo(new Settled());
        assertThat(gateway.voidAuthorization(payment, reference, 0)).isEqualTo(new Settled());
        assertThat(gateway.capture(payment, reference, PRICE, 0)).isEqualTo(new Refused("ALREADY_VOIDED"));
        assertThat(statusOf(gateway)).isEqualTo(Status.VOIDED);
    }

    @Test
    void an_answer_lost_after_the_effect_is_unknown_and_can_be_found() throws Exception {
        PaymentGateway gateway = gateway();

        assertThat(authorize(gateway, payment, PRICE, new PaymentMethod.Card("tok_approved_answer_lost")))
                .isInstanceOf(Unknown.class);
        assertThat(statusOf(gateway)).isEqualTo(Status.AUTHORIZED);
    }

    @Test
    void a_payment_that_was_never_asked_for_is_absent() throws Exception {
        assertThat(find(gateway(), payment)).isEqualTo(new Absent());
    }

    @Test
    void another_page_than_the_gateways_says_nothing_about_a_payment() throws Exception {
        PaymentGateway gateway =
                gateway(URI.create(simulator.baseUri() + "/elsewhere"), PATIENCE, 16, Duration.ofSeconds(30));

        assertThat(find(gateway, payment)).isInstanceOf(Unknown.class);
        assertThat(authorize(gateway, payment, PRICE, APPROVED)).isInstanceOf(Unknown.class);
    }

    @Test
    void declined_cards_do_not_open_the_circuit() throws Exception {
        PaymentGateway gateway = gateway();
        for (int i = 0; i < 30; i++) {
            assertThat(authorize(gateway, PaymentId.next(), PRICE, new PaymentMethod.Card("tok_declined_card")))
                    .isEqualTo(new Declined("CARD_DECLINED"));
        }
    }

    @Test
    void lost_answers_open_the_circuit_and_a_trial_call_closes_it_again() throws Exception {
        PaymentGateway gateway = gateway(simulator.baseUri(), Duration.ofSeconds(5), 16, Duration.ofMillis(300));
        PaymentMethod lost = new PaymentMethod.Card("tok_approved_answer_lost");
        for (int i = 0; i < 10; i++) {
            assertThat(authorize(gateway, PaymentId.next(), PRICE, lost)).isInstanceOf(Unknown.class);
        }

        assertThat(authorize(gateway, payment, PRICE, APPROVED)).isInstanceOf(NotSent.class);
        Awaitility.await("the circuit lets calls through again")
                .atMost(PATIENCE)
                .until(() -> authorize(gateway, payment, PRICE, APPROVED) instanceof Authorized);
    }

    @Test
    void a_gateway_that_cannot_be_reached_surely_got_nothing() throws Exception {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }

        assertThat(authorize(gateway(nobody, PATIENCE, 16, Duration.ofSeconds(30)), payment, PRICE, APPROVED))
                .isInstanceOf(NotSent.class);
    }

    @Test
    void a_name_that_cannot_be_resolved_surely_got_nothing() throws Exception {
        assertThat(authorize(
                        gateway(URI.create("http://nobody.invalid"), PATIENCE, 16, Duration.ofSeconds(30)),
                        payment,
                        PRICE,
                        APPROVED))
                .isInstanceOf(NotSent.class);
    }

    @Test
    void a_tls_handshake_that_gets_no_answer_surely_carried_nothing() throws Exception {
        try (Peer silent = new Peer("", 0)) {
            PaymentGateway gateway = gateway(secure(silent), Duration.ofMillis(300), 16, Duration.ofSeconds(30));
            assertThat(authorize(gateway, payment, PRICE, APPROVED)).isInstanceOf(NotSent.class);
        }
    }

    /** The JDK's client now and then takes the body before it reports the failed handshake. The call then counts as perhaps made. */
    @Test
    void a_failed_tls_handshake_is_never_taken_for_an_answer() throws Exception {
        try (Peer plain = new Peer("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", 0)) {
            PaymentGateway gateway = gateway(secure(plain), PATIENCE, 16, Duration.ofSeconds(30));
            assertThat(authorize(gateway, payment, PRICE, APPROVED)).isInstanceOfAny(NotSent.class, Unknown.class);
        }
    }

    private static URI secure(Peer peer) {
        return URI.create(peer.address().toString().replace("http:", "https:"));
    }

    @Test
    void a_connection_that_ends_after_the_request_may_have_carried_it() throws Exception {
        try (Peer peer = new Peer("", 0)) {
            PaymentGateway gateway = gateway(peer.address(), Duration.ofMillis(500), 16, Duration.ofSeconds(30));
            assertThat(authorize(gateway, payment, PRICE, APPROVED)).isInstanceOf(Unknown.class);
        }
    }

    @Test
    void an_answer_whose_body_never_ends_is_unknown_when_its_time_is_over() throws Exception {
        try (Peer peer = new Peer("HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n{\"status\":", 0)) {
            PaymentGateway gateway = gateway(peer.address(), Duration.ofMillis(300), 16, Duration.ofSeconds(30));

            assertThat(authorize(gateway, payment, PRICE, APPROVED)).isInstanceOf(Unknown.class);
        }
    }

    @Test
    void an_answer_longer_than_any_answer_is_not_read_to_its_end() throws Exception {
        try (Peer peer = new Peer("HTTP/1.1 201 Created\r\nContent-Length: 100000000\r\n\r\n", 100_000)) {
            PaymentGateway gateway = gateway(peer.address(), PATIENCE, 16, Duration.ofSeconds(30));

            assertThat(authorize(gateway, payment, PRICE, APPROVED))
                    .isInstanceOfSatisfying(Unknown.class, unknown -> assertThat(unknown.detail())
                            .contains("longer than"));
        }
    }

    @Test
    void no_more_calls_are_made_at_once_than_allowed() throws Exception {
        try (Peer peer = new Peer("", 0)) {
            PaymentGateway gateway = gateway(peer.address(), PATIENCE, 1, Duration.ofSeconds(30));
            CompletableFuture<GatewayAnswer> slow = CompletableFuture.supplyAsync(() -> {
                try {
                    return authorize(gateway, payment, PRICE, APPROVED);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(peer.called.await(10, TimeUnit.SECONDS))
                    .as("the first call arrives")
                    .isTrue();

            assertThat(authorize(gateway, PaymentId.next(), PRICE, APPROVED)).isInstanceOf(NotSent.class);
            peer.hangUp();
            assertThat(slow.get(10, TimeUnit.SECONDS)).isInstanceOf(Unknown.class);
        }
    }

    /** Answers the first request with given bytes and some filling, then falls silent with the connection open. */
    private static final class Peer implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final CountDownLatch called = new CountDownLatch(1);
        private final Thread thread;
        private volatile Socket connection = new Socket();

        Peer(String answer, int filling) throws IOException {
            thread = Thread.ofVirtual().start(() -> {
                try {
                    connection = server.accept();
                    called.countDown();
                    OutputStream out = connection.getOutputStream();
                    out.write(answer.getBytes(StandardCharsets.US_ASCII));
                    out.write(new byte[filling]);
                    out.flush();
                } catch (IOException closed) {
                    called.countDown();
                }
            });
        }

        URI address() {
            return URI.create("http://127.0.0.1:" + server.getLocalPort());
        }

        void hangUp() throws IOException {
            connection.close();
        }

        @Override
        public void close() throws IOException {
            hangUp();
            server.close();
            thread.interrupt();
        }
    }

    private static GatewayAnswer.ToAuthorize authorize(
            PaymentGateway gateway, PaymentId id, Money amount, PaymentMethod method) throws InterruptedException {
        return gateway.authorize(AuthorizationRequest.first(id, amount, method));
    }

    private static GatewayAnswer.ToFind find(PaymentGateway gateway, PaymentId id) throws InterruptedException {
        return gateway.find(new PaymentLookup(id, Instant.now(), null));
    }
}
