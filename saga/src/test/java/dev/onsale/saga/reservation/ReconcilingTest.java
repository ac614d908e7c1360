package dev.onsale.saga.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentDisputed;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.payment.PaymentRefundReported;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.RecordRefundReport;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.api.reservation.BookingRevoked;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.saga.SagaProperties;
import dev.onsale.saga.payment.AuthorizationRequest;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.GatewayAnswer.Foreign;
import dev.onsale.saga.payment.GatewayAnswer.Found;
import dev.onsale.saga.payment.GatewayAnswer.Identified;
import dev.onsale.saga.payment.GatewayAnswer.Misconfigured;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Refund;
import dev.onsale.saga.payment.GatewayAnswer.Status;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import dev.onsale.saga.payment.PaymentGateway;
import dev.onsale.saga.payment.PaymentLookup;
import dev.onsale.saga.reservation.CheckoutStep.GiveBack;
import dev.onsale.saga.reservation.CheckoutStep.Reconcile;
import dev.onsale.saga.step.Step;
import dev.onsale.saga.step.StepResult;
import dev.onsale.saga.step.Steps;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.axonframework.commandhandling.AnnotationCommandHandlerAdapter;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;

/** What is recorded of what happened at the gateway without Onsale, and what the operator hears of it. */
class ReconcilingTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Money PRICE = Money.of(4_900, "EUR");
    private static final AtomicInteger EVENTS = new AtomicInteger();

    private final PaymentId payment = PaymentId.next();
    private final Facts facts = Facts.ofAHold(NOON, Duration.ofMinutes(5), Duration.ofMinutes(2));
    private final EventStore store = EmbeddedEventStore.builder()
            .storageEngine(new InMemoryEventStorageEngine())
            .build();
    private final BackOffice office =
            new BackOffice(store, NoTransactionManager.instance(), Clock.fixed(NOON, ZoneOffset.UTC));
    private final List<Step> asked = new ArrayList<>();
    private Consumer<RecordRefundReport> beforeSending = report -> {};
    private Consumer<RecordRefundReport> afterSending = report -> {};
    private final Books books = new Books();
    private final Reconciling reconciling = reconciling();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    /** The gateway as it is at this moment. */
    private static final class Books implements PaymentGateway {
        GatewayAnswer.ToIdentify identity = new Foreign();
        GatewayAnswer.ToFind payment = new GatewayAnswer.Absent();
        GatewayAnswer.ToDispute dispute = new GatewayAnswer.Absent();
        int looks;

        @Override
        public GatewayAnswer.ToFind find(PaymentLookup lookup) {
            looks++;
            return payment;
        }

        @Override
        public GatewayAnswer.ToIdentify identify(String gatewayReference) {
            return identity;
        }

        @Override
        public GatewayAnswer.ToDispute dispute(String disputeReference) {
            return dispute;
        }

        @Override
        public GatewayAnswer.ToAuthorize authorize(AuthorizationRequest request) {
            throw new AssertionError("reconciling moves no money");
        }

        @Override
        public GatewayAnswer.ToSettle capture(PaymentId id, String reference, Money amount, int attempt) {
            throw new AssertionError("reconciling moves no money");
        }

        @Override
        public GatewayAnswer.ToSettle voidAuthorization(PaymentId id, String reference, int attempt) {
            throw new AssertionError("reconciling moves no money");
        }

        @Override
        public GatewayAnswer.ToSettle refundPart(PaymentId id, String reference, int part, Money amount, int attempt) {
            throw new AssertionError("reconciling moves no money");
        }

        @Override
        public GatewayAnswer.ToSettle refund(PaymentId id, String reference, Money amount, int attempt) {
            throw new AssertionError("reconciling moves no money");
        }
    }

    private Reconciling reconciling() {
        SimpleCommandBus bus = SimpleCommandBus.builder().build();
        var unused = new AnnotationCommandHandlerAdapter<>(office).subscribe(bus);
        CommandDispatcher commands =
                new CommandDispatcher(
                        DefaultCommandGateway.builder().commandBus(bus).build(),
                        new Binder().bindOrCreate("onsale.saga", SagaProperties.class)) {
                    @Override
                    @Nullable
                    public Object send(OnsaleCommand command) throws InterruptedException {
                        if (command instanceof RecordRefundReport report) {
                            beforeSending.accept(report);
                            Object answer = super.send(command);
                            afterSending.accept(report);
                            return answer;
                        }
                        return super.send(command);
                    }
                };
        Steps steps = new Steps() {
            @Override
            public void next(Step step) {
                asked.add(step);
            }

            @Override
            public int wake(String id) {
                return 0;
            }

            @Override
            public void at(Instant due, Step step) {
                asked.add(step);
            }
        };
        return new Reconciling(
                commands,
                books,
                new PaymentHistory(store, NoTransactionManager.instance()),
                new RefundReports(commands),
                new StaticListableBeanFactory(Map.of("steps", steps)).getBeanProvider(Steps.class));
    }

    @BeforeEach
    void listen() {
        log.start();
        ((Logger) LoggerFactory.getLogger(Reconciling.class)).addAppender(log);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(Reconciling.class)).detachAppender(log);
    }

    private void booked(PaymentStatusReached reached) {
        office.happened(facts.held(), facts.confirmed(payment, NOON));
        happened(new PaymentInitiated(
                payment,
                facts.reservation(),
                facts.performance(),
                facts.buyer(),
                PRICE,
                new PaymentMethod.Card("tok_***"),
                NOON));
        if (reached == PaymentStatusReached.DECLINED) {
            happened(facts.declined(payment, "CARD_DECLINED", NOON));
            return;
        }
        happened(facts.authorized(payment, Facts.REFERENCE, NOON));
        switch (reached) {
            case CAPTURED -> happened(facts.captured(payment, NOON));
            case REFUNDED -> {
                happened(facts.captured(payment, NOON));
                happened(facts.refunded(payment, NOON));
            }
            case VOIDED -> happened(facts.voided(payment, "HOLD_EXPIRED", NOON));
            default -> {}
        }
    }

    enum PaymentStatusReached {
        DECLINED,
        AUTHORIZED,
        CAPTURED,
        REFUNDED,
        VOIDED
    }

    private void happened(PaymentEvent fact) {
        long sequence = store.lastSequenceNumberFor(payment.toString())
                .map(last -> last + 1)
                .orElse(0L);
        store.publish(new GenericDomainEventMessage<>("Payment", payment.toString(), sequence, fact));
    }

    private StepResult told(String type) throws InterruptedException {
        return told(type, null, null);
    }

    private StepResult told(String type, @Nullable String refund, @Nullable String status) throws InterruptedException {
        return reconciling.take(new Reconcile(new GatewayEvent(
                "evt_" + EVENTS.incrementAndGet(), type, Facts.REFERENCE, payment, null, refund, status)));
    }

    private static Refund refund(long minorUnits, RefundStatus status, boolean isOurs) {
        return new Refund("re_1", Money.of(minorUnits, "EUR"), status, null, isOurs);
    }

    private static Found found(Status status, Refund... refunds) {
        return new Found(Facts.REFERENCE, status, PRICE, "", null, List.of(refunds));
    }

    private long recorded(Class<?> fact) {
        return office.historyOf(payment).stream().filter(fact::isInstance).count();
    }

    private long alarms() {
        return log.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .count();
    }

    private void allRefundEvents(RefundStatus status) throws InterruptedException {
        String word = status.name().toLowerCase(java.util.Locale.ROOT);
        for (int i = 0; i < 2; i++) {
            for (String type :
                    List.of("refund.created", "charge.refunded", "refund.updated", "charge.refund.updated")) {
                boolean isOfCharge = type.equals("charge.refunded");
                assertThat(told(type, isOfCharge ? null : "re_1", isOfCharge ? null : word))
                        .isEqualTo(StepResult.done());
            }
        }
    }

    @Test
    void a_whole_refund_at_the_dashboard_is_recorded_once_however_many_events_tell_of_it() throws Exception {
        booked(PaymentStatusReached.CAPTURED);
        books.payment = found(Status.REFUNDED, refund(4_900, RefundStatus.SUCCEEDED, false));
        allRefundEvents(RefundStatus.SUCCEEDED);
        assertThat(recorded(PaymentRefundReported.class)).isEqualTo(1);
        assertThat(recorded(PaymentRefunded.class)).isEqualTo(1);
        assertThat(office.historyOf(facts.reservation()))
                .filteredOn(BookingRevoked.class::isInstance)
                .hasSize(1);
        assertThat(alarms()).isEqualTo(1);
        int looks = books.looks;
        told("refund.updated", "re_1", "succeeded");
        assertThat(books.looks).as("what is recorded is not looked up").isEqualTo(looks);
    }

    @Test
    void a_refund_in_part_at_the_dashboard_is_recorded_and_told_once_and_the_booking_stays() throws Exception {
        booked(PaymentStatusReached.CAPTURED);
        books.payment = found(Status.CAPTURED, refund(900, RefundStatus.SUCCEEDED, false));
        allRefundEvents(RefundStatus.SUCCEEDED);
        assertThat(recorded(PaymentRefundReported.class)).isEqualTo(1);
        assertThat(recorded(PaymentRefunded.class)).isZero();
        assertThat(office.historyOf(facts.reservation()).getLast()).isInstanceOf(ReservationConfirmed.class);
        assertThat(alarms()).isEqualTo(1);
    }

    @Test
    void a_refund_that_becomes_another_is_recorded_for_each_status_and_told_once() throws Exception {
        booked(PaymentStatusReached.CAPTURED);
        books.payment = found(Status.REFUND_PENDING, refund(4_900, RefundStatus.PENDING, false));
        allRefundEvents(RefundStatus.PENDING);
        books.payment = found(Status.REFUNDED, refund(4_900, RefundStatus.SUCCEEDED, false));
        allRefundEvents(RefundStatus.SUCCEEDED);
        assertThat(recorded(PaymentRefundReported.class)).isEqualTo(2);
        assertThat(alarms()).isEqualTo(1);
    }

    @Test
    void a_refund_that_onsale_asked_for_is_no_alarm() throws Exception {
        booked(PaymentStatusReached.REFUNDED);
        books.payment = found(Status.REFUNDED, refund(4_900, RefundStatus.SUCCEEDED, true));
        allRefundEvents(RefundStatus.SUCCEEDED);
        assertThat(recorded(PaymentRefundReported.class)).isEqualTo(1);
        assertThat(alarms()).isZero();
    }

    @Test
    void a_refund_that_fails_after_it_was_recorded_is_told_once() throws Exception {
        booked(PaymentStatusReached.REFUNDED);
        books.payment = found(Status.CAPTURED, refund(4_900, RefundStatus.FAILED, true));
        allRefundEvents(RefundStatus.FAILED);
        told("refund.failed", "re_1", "failed");
        assertThat(recorded(PaymentRefundReported.class)).isEqualTo(1);
        assertThat(alarms()).isEqualTo(1);
        assertThat(asked).isEmpty();
    }

    /** As after a process that died, or an answer that came too late. */
    @ParameterizedTest
    @CsvSource({"REFUNDED, FAILED, true, ERROR", "CAPTURED, SUCCEEDED, false, WARN"})
    void a_refund_that_was_recorded_without_an_answer_has_been_told(
            PaymentStatusReached reached, RefundStatus status, boolean isOurs, String level) throws Exception {
        booked(reached);
        books.payment = found(Status.CAPTURED, refund(900, status, isOurs));
        afterSending = report -> {
            throw new IllegalStateException("the answer is lost");
        };
        assertThatThrownBy(() -> told("charge.refunded")).hasMessage("the answer is lost");
        assertThat(recorded(PaymentRefundReported.class)).isEqualTo(1);
        afterSending = report -> {};
        allRefundEvents(status);
        assertThat(log.list).singleElement().satisfies(line -> assertThat(line.getLevel())
                .hasToString(level));
    }

    @Test
    void each_of_several_refunds_is_told_although_another_one_could_not_be_recorded() throws Exception {
        booked(PaymentStatusReached.REFUNDED);
        Refund first = refund(4_900, RefundStatus.FAILED, true);
        Refund second = new Refund("re_2", PRICE, RefundStatus.FAILED, null, true);
        books.payment = found(Status.CAPTURED, first, second);
        beforeSending = report -> {
            if (report.refundReference().equals("re_2")) {
                throw new IllegalStateException("the log is not writable");
            }
        };
        assertThatThrownBy(() -> told("refund.failed", "re_1", "failed")).hasMessage("the log is not writable");
        beforeSending = report -> {};
        for (String refund : List.of("re_1", "re_2")) {
            assertThat(told("refund.failed", refund, "failed")).isEqualTo(StepResult.done());
        }
        assertThat(recorded(PaymentRefundReported.class)).isEqualTo(2);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesOnlyOnce(line -> assertThat(line).contains("re_1", "does not have the money"))
                .anySatisfy(line -> assertThat(line).contains("re_2", "does not have the money"));
    }

    @Test
    void a_refund_while_the_booking_is_under_way_takes_it_back_when_it_is_there() throws Exception {
        booked(PaymentStatusReached.AUTHORIZED);
        books.payment = found(Status.REFUNDED, refund(4_900, RefundStatus.SUCCEEDED, false));
        for (int i = 0; i < 3; i++) {
            assertThat(told("refund.created", "re_1", "succeeded")).isInstanceOf(StepResult.Unresolved.class);
        }
        assertThat(recorded(PaymentRefunded.class)).isZero();
        happened(facts.captured(payment, NOON));
        assertThat(told("refund.created", "re_1", "succeeded")).isEqualTo(StepResult.done());
        assertThat(recorded(PaymentRefunded.class)).isEqualTo(1);
        assertThat(recorded(PaymentRefundReported.class)).isEqualTo(1);
        assertThat(alarms()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"DECLINED", "VOIDED", "REFUNDED"})
    void money_of_a_payment_that_has_ended_is_given_back(PaymentStatusReached ended) throws Exception {
        booked(ended);
        for (Status open : List.of(Status.UNCONFIRMED, Status.ACTION_REQUIRED, Status.AUTHORIZED, Status.CAPTURED)) {
            asked.clear();
            books.payment = found(open);
            assertThat(told("payment_intent.amount_capturable_updated")).isEqualTo(StepResult.done());
            assertThat(asked)
                    .containsExactly(
                            new GiveBack(payment, "PAYMENT_STATE_CONFLICT", GatewayProgress.known(Facts.REFERENCE)));
        }
    }

    @Test
    void what_onsale_did_itself_is_not_looked_up() throws Exception {
        booked(PaymentStatusReached.CAPTURED);
        told("payment_intent.succeeded");
        told("payment_intent.amount_capturable_updated");
        assertThat(books.looks).isZero();
    }

    @Test
    void a_second_payment_at_the_gateway_is_told_and_nothing_of_it_is_recorded() throws Exception {
        booked(PaymentStatusReached.CAPTURED);
        books.payment = new Found(
                "pi_2", Status.CAPTURED, PRICE, "", null, List.of(refund(900, RefundStatus.SUCCEEDED, false)));
        assertThat(told("charge.refunded")).isEqualTo(StepResult.done());
        assertThat(recorded(PaymentRefundReported.class)).isZero();
        assertThat(log.list).hasSize(1).first().asString().contains("second payment");
    }

    @Test
    void what_is_somebody_elses_is_left_alone() throws Exception {
        GatewayEvent unnamed = new GatewayEvent("evt_x", "charge.refunded", "pi_9", null, null);
        assertThat(reconciling.take(new Reconcile(unnamed))).isEqualTo(StepResult.done());
        books.identity = new Identified(PaymentId.next());
        assertThat(reconciling.take(new Reconcile(unnamed))).isEqualTo(StepResult.done());
        assertThat(books.looks).isZero();
        assertThat(office.received).isEmpty();
        assertThat(log.list).isEmpty();
    }

    @Test
    void a_dispute_is_recorded_as_the_gateway_has_it() throws Exception {
        booked(PaymentStatusReached.CAPTURED);
        books.dispute = new GatewayAnswer.Disputed("dp_1", Facts.REFERENCE, PRICE, "needs_response", "fraudulent");
        GatewayEvent event = new GatewayEvent("evt_d", "charge.dispute.created", Facts.REFERENCE, payment, "dp_1");
        assertThat(reconciling.take(new Reconcile(event))).isEqualTo(StepResult.done());
        assertThat(recorded(PaymentDisputed.class)).isEqualTo(1);
    }

    @Test
    void a_gateway_that_does_not_answer_is_asked_again() throws Exception {
        booked(PaymentStatusReached.CAPTURED);
        books.payment = new Unknown("timeout");
        assertThat(told("charge.refunded")).isInstanceOf(StepResult.Unresolved.class);
        books.payment = new Misconfigured("HTTP 401");
        assertThat(told("charge.refunded")).isInstanceOf(StepResult.Unresolved.class);
        books.payment = new NotSent("HTTP 429", Duration.ofSeconds(3), false);
        assertThat(told("charge.refunded"))
                .isInstanceOfSatisfying(StepResult.NotBegun.class, limited -> assertThat(limited.retryAfter())
                        .isEqualTo(Duration.ofSeconds(3)));
        assertThat(recorded(PaymentRefundReported.class)).isZero();
    }
}
