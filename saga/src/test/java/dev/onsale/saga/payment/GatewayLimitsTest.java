package dev.onsale.saga.payment;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.eventlog.EventJson;
import dev.onsale.saga.payment.GatewayAnswer.Absent;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * The figures that protect Onsale from a gateway in trouble, and the gateway from Onsale, as they are when nobody sets any: what they are,
 * and what they do. The circuit's clock is moved by hand.
 */
class GatewayLimitsTest {

    private static final Money PRICE = Money.of(4_900, "EUR");
    private static final PaymentMethod CARD = new PaymentMethod.Card("tok_approved");
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int LAST_CALLS = 10;
    private static final int TRIAL_CALLS = 5;
    private static final int AT_ONCE = 16;
    private static final Duration OPEN = Duration.ofSeconds(30);

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final HandClock clock = new HandClock();
    private final Semaphore arrived = new Semaphore(0);
    private volatile boolean broken;
    private volatile CountDownLatch mayAnswer = new CountDownLatch(0);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    /** A gateway that knows no payment, or answers 500, when it may. */
    GatewayLimitsTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            arrived.release();
            try {
                boolean unused = mayAnswer.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] body = "{\"code\":\"AUTHORIZATION_UNKNOWN\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(broken ? 500 : 404, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        mayAnswer.countDown();
        context.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void configured(String... settings) {
        TestPropertyValues.of("onsale.payment.base-url=http://127.0.0.1:"
                        + server.getAddress().getPort())
                .and(settings)
                .applyTo(context);
        context.register(PaymentGatewayConfiguration.class);
        context.refresh();
    }

    /** The configured circuit, but for its clock. */
    private CircuitBreaker circuit() {
        CircuitBreakerConfig configured = context.getBean(CircuitBreakerRegistry.class)
                .circuitBreaker("payment-gateway")
                .getCircuitBreakerConfig();
        return CircuitBreaker.of(
                "by-hand", CircuitBreakerConfig.from(configured).clock(clock).build());
    }

    private PaymentGateway gatewayBehind(CircuitBreaker circuit) {
        return new HttpPaymentGateway(
                new GatewayCalls(
                        context.getBean(HttpClient.class),
                        context.getBean(PaymentProperties.class).readTimeout(),
                        circuit,
                        context.getBean(BulkheadRegistry.class).bulkhead("payment-gateway")),
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                EventJson.mapper());
    }

    private void succeeds(PaymentGateway gateway) throws InterruptedException {
        broken = false;
        assertThat(find(gateway, PaymentId.next())).isInstanceOf(Absent.class);
    }

    private void fails(PaymentGateway gateway) throws InterruptedException {
        broken = true;
        assertThat(find(gateway, PaymentId.next())).isInstanceOf(Unknown.class);
    }

    private static void isNotSent(PaymentGateway gateway) throws InterruptedException {
        assertThat(find(gateway, PaymentId.next())).isInstanceOf(NotSent.class);
    }

    private PaymentGateway openedAt(CircuitBreaker circuit) throws InterruptedException {
        PaymentGateway gateway = gatewayBehind(circuit);
        for (int call = 0; call < LAST_CALLS; call++) {
            fails(gateway);
        }
        isNotSent(gateway);
        return gateway;
    }

    @Test
    void the_figures_are_those_of_the_requirements() {
        configured();
        CircuitBreakerConfig circuit = context.getBean(CircuitBreakerRegistry.class)
                .circuitBreaker("payment-gateway")
                .getCircuitBreakerConfig();

        assertThat(circuit.getSlidingWindowType()).isEqualTo(SlidingWindowType.COUNT_BASED);
        assertThat(circuit.getSlidingWindowSize()).isEqualTo(LAST_CALLS);
        assertThat(circuit.getMinimumNumberOfCalls()).isEqualTo(LAST_CALLS);
        assertThat(circuit.getFailureRateThreshold()).isEqualTo(50);
        assertThat(circuit.getWaitIntervalFunctionInOpenState().apply(1)).isEqualTo(OPEN.toMillis());
        assertThat(circuit.getPermittedNumberOfCallsInHalfOpenState()).isEqualTo(TRIAL_CALLS);
        assertThat(context.getBean(HttpClient.class).connectTimeout()).contains(Duration.ofSeconds(3));
        assertThat(context.getBean(PaymentProperties.class).readTimeout()).isEqualTo(Duration.ofSeconds(10));
        Bulkhead bulkhead = context.getBean(BulkheadRegistry.class).bulkhead("payment-gateway");
        assertThat(bulkhead.getBulkheadConfig().getMaxConcurrentCalls()).isEqualTo(AT_ONCE);
        assertThat(bulkhead.getBulkheadConfig().getMaxWaitDuration())
                .as("steps that need no gateway get their turns")
                .isLessThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void four_failures_in_ten_calls_leave_the_circuit_closed_and_five_open_it() throws Exception {
        configured();
        PaymentGateway gateway = gatewayBehind(circuit());
        for (int call = 0; call < 6; call++) {
            succeeds(gateway);
        }
        for (int call = 0; call < 4; call++) {
            fails(gateway);
        }
        succeeds(gateway);

        // Four of the last ten, and with one more failure five.
        fails(gateway);
        isNotSent(gateway);
    }

    @Test
    void nine_failures_are_too_few_calls_to_judge_by() throws Exception {
        configured();
        PaymentGateway gateway = gatewayBehind(circuit());
        for (int call = 0; call < LAST_CALLS - 1; call++) {
            fails(gateway);
        }
        fails(gateway);

        isNotSent(gateway);
    }

    @Test
    void failures_before_the_last_ten_calls_are_forgotten() throws Exception {
        configured();
        PaymentGateway gateway = gatewayBehind(circuit());
        for (int call = 0; call < 4; call++) {
            fails(gateway);
        }
        for (int call = 0; call < LAST_CALLS; call++) {
            succeeds(gateway);
        }
        for (int call = 0; call < 4; call++) {
            fails(gateway);
        }

        succeeds(gateway);
    }

    @Test
    void an_open_circuit_lets_nothing_through_for_thirty_seconds_and_five_successful_trials_close_it()
            throws Exception {
        configured();
        CircuitBreaker circuit = circuit();
        PaymentGateway gateway = openedAt(circuit);
        clock.advance(OPEN);
        isNotSent(gateway);

        clock.advance(Duration.ofMillis(1));
        broken = false;
        arrived.drainPermits();
        mayAnswer = new CountDownLatch(1);
        List<Future<GatewayAnswer.ToFind>> trials = underWay(gateway, TRIAL_CALLS);
        isNotSent(gateway);
        mayAnswer.countDown();
        for (Future<GatewayAnswer.ToFind> trial : trials) {
            assertThat(trial.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Absent.class);
        }
        assertThat(circuit.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        succeeds(gateway);
    }

    @Test
    void trials_that_fail_keep_the_circuit_open_for_another_thirty_seconds() throws Exception {
        configured();
        PaymentGateway gateway = openedAt(circuit());
        clock.advance(OPEN.plusMillis(1));
        for (int trial = 0; trial < TRIAL_CALLS; trial++) {
            fails(gateway);
        }
        isNotSent(gateway);

        clock.advance(OPEN);
        isNotSent(gateway);
        clock.advance(Duration.ofMillis(1));
        succeeds(gateway);
    }

    @Test
    void sixteen_calls_are_under_way_at_once_and_the_next_is_not_made_until_one_of_them_is_over() throws Exception {
        configured();
        PaymentGateway gateway = gatewayBehind(circuit());
        mayAnswer = new CountDownLatch(1);
        List<Future<GatewayAnswer.ToFind>> calls = underWay(gateway, AT_ONCE);
        isNotSent(gateway);

        mayAnswer.countDown();
        for (Future<GatewayAnswer.ToFind> call : calls) {
            assertThat(call.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Absent.class);
        }
        succeeds(gateway);
    }

    private List<Future<GatewayAnswer.ToFind>> underWay(PaymentGateway gateway, int count) throws InterruptedException {
        List<Future<GatewayAnswer.ToFind>> calls = new ArrayList<>();
        for (int call = 0; call < count; call++) {
            calls.add(threads.submit(() -> find(gateway, PaymentId.next())));
        }
        assertThat(arrived.tryAcquire(count, LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("%d calls under way", count)
                .isTrue();
        return calls;
    }

    @Test
    void a_connection_that_takes_too_long_was_never_made_and_counts_as_a_failure() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fill(full, waiting);
            configured(
                    "onsale.payment.base-url=http://127.0.0.1:" + full.getLocalPort(),
                    "onsale.payment.connect-timeout=PT0.1S",
                    "onsale.payment.circuit-calls-counted=1");
            PaymentGateway gateway = context.getBean(PaymentGateway.class);

            assertThat(authorize(gateway, PaymentId.next(), PRICE, CARD))
                    .isInstanceOfSatisfying(
                            NotSent.class, never -> assertThat(never.detail()).contains("no connection"));
            assertThat(authorize(gateway, PaymentId.next(), PRICE, CARD))
                    .isInstanceOfSatisfying(
                            NotSent.class, never -> assertThat(never.detail()).contains("circuit"));
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    /** Nobody accepts; once its queue is full, the next one waits for a place in it. */
    private static void fill(ServerSocket server, List<Socket> waiting) throws IOException {
        while (true) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
    }

    private static final class HandClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
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
