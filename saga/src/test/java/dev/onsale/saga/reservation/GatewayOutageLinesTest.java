package dev.onsale.saga.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.stripe.StripeServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What an operator reads while the gateway is away and many payments wait for it. */
@Tag("services")
class GatewayOutageLinesTest {

    private static final int PAYMENTS = 100;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final MovableClock clock = new MovableClock();

    @AfterEach
    void stop() {
        root.detachAppender(log);
    }

    /** 503: every answer is lost. 429: nothing is sent. */
    @ParameterizedTest
    @ValueSource(ints = {503, 429})
    void a_hundred_payments_that_wait_for_the_gateway_are_two_lines(int status) throws Exception {
        try (StripeServer stripe = new StripeServer();
                SagaHost host = SagaHost.start(
                        TestDatabase.fresh(),
                        stripe.baseUri(),
                        clock,
                        "--onsale.payment.provider=stripe",
                        "--onsale.payment.secret-key=" + StripeServer.SECRET)) {
            MeterRegistry meters = new SimpleMeterRegistry();
            host.beans(MeterBinder.class).forEach(binder -> binder.bindTo(meters));
            log.start();
            root.addAppender(log);
            stripe.refuseAllWith(status);
            List<PaymentId> payments = requested(host);
            Awaitility.await("all wait, and some ask again")
                    .atMost(LIMIT)
                    .until(() -> waiting(meters) == PAYMENTS && stripe.requests.size() > 2 * PAYMENTS);
            assertThat(failing(meters, "authorize")).isEqualTo(1);
            assertThat(told()).hasSize(1);

            stripe.refuseAllWith(0);
            Awaitility.await("all are paid").atMost(LIMIT).until(() -> payments.stream()
                    .allMatch(payment ->
                            host.backOffice().historyOf(payment).stream().anyMatch(PaymentCaptured.class::isInstance)));
            Awaitility.await("the end is told").atMost(LIMIT).until(() -> told().size() > 1);
            assertThat(told()).hasSize(2);
            assertThat(told().getFirst())
                    .matches("The payment gateway failed and is tried again: \\w+: HTTP " + status + ".*");
            assertThat(told().getLast())
                    .matches("The payment gateway works again after \\d+ s; payments that waited: " + PAYMENTS);
            assertThat(waiting(meters)).isZero();
            assertThat(failing(meters, "authorize")).isZero();
            assertThat(lines()).noneMatch(line -> line.getThrowableProxy() != null);
        }
    }

    private List<PaymentId> requested(SagaHost host) {
        List<PaymentId> payments = new ArrayList<>();
        for (int i = 0; i < PAYMENTS; i++) {
            Facts facts = Facts.ofAHold(clock.instant(), Duration.ofMinutes(5), Duration.ofMinutes(4));
            PaymentId payment = PaymentId.next();
            host.backOffice().happened(facts.held(), facts.requested(payment, "pm_card_visa", clock.instant()));
            payments.add(payment);
        }
        return payments;
    }

    /** All that Onsale says and that is no DEBUG. Axon tells of batches that met a deadlock of the database and are tried again. */
    private List<ILoggingEvent> lines() {
        return List.copyOf(log.list).stream()
                .filter(line -> line.getLoggerName().startsWith("dev.onsale")
                        && line.getLevel().isGreaterOrEqual(Level.INFO))
                .toList();
    }

    private List<String> told() {
        return lines().stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static double waiting(MeterRegistry meters) {
        return meters.get("onsale.payment.gateway.waiting").gauge().value();
    }

    private static double failing(MeterRegistry meters, String operation) {
        return meters.get("onsale.payment.gateway.failing")
                .tag("operation", operation)
                .gauge()
                .value();
    }
}
