package dev.onsale.saga.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentActionRequired;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.payment.PaymentDelayed;
import dev.onsale.api.payment.PaymentDisputed;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentPartlyRefunded;
import dev.onsale.api.payment.PaymentRefundReported;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.eventlog.LogicalTypeSerializer;
import dev.onsale.eventlog.StoredTypes;
import dev.onsale.saga.reservation.CheckoutStep.Authorize;
import dev.onsale.saga.reservation.CheckoutStep.Capture;
import dev.onsale.saga.reservation.CheckoutStep.Confirm;
import dev.onsale.saga.reservation.CheckoutStep.Expire;
import dev.onsale.saga.reservation.CheckoutStep.Fail;
import dev.onsale.saga.reservation.CheckoutStep.GiveBack;
import dev.onsale.saga.step.Step;
import dev.onsale.saga.step.Steps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.modelling.saga.SimpleResourceInjector;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.test.saga.ContinuedGivenState;
import org.axonframework.test.saga.FixtureExecutionResult;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReservationSagaTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration HOLD = Duration.ofMinutes(5);
    private static final Duration PAYMENT_WINDOW = Duration.ofMinutes(2);
    private static final PaymentId FIRST = PaymentId.of("01890000-0000-7000-8000-000000000001");
    private static final PaymentId SECOND = PaymentId.of("01890000-0000-7000-8000-000000000002");
    private static final String TOKEN = "tok_demo";

    private static final LogicalTypeSerializer SERIALIZER =
            LogicalTypeSerializer.with(List.of(new StoredTypes(List.of(ReservationSaga.class))));

    private final Facts facts = Facts.ofAHold(NOON, HOLD, PAYMENT_WINDOW);
    private final AskedSteps asked = new AskedSteps();
    private final SagaTestFixture<ReservationSaga> fixture = new SagaTestFixture<>(ReservationSaga.class);

    @BeforeEach
    void inject() {
        fixture.registerResource(asked);
    }

    /** A step and when it is due; null for as soon as possible. */
    private record Asked(Instant due, Step step) {}

    private static final class AskedSteps implements Steps {
        private final List<Asked> all = new ArrayList<>();

        @Override
        public void next(Step step) {
            all.add(new Asked(Instant.MIN, step));
        }

        @Override
        public void at(Instant due, Step step) {
            all.add(new Asked(due, step));
        }

        @Override
        public int wake(String id) {
            return 0;
        }
    }

    private ContinuedGivenState given(Object... events) {
        ContinuedGivenState state = fixture.givenAPublished(events[0]);
        for (int i = 1; i < events.length; i++) {
            state = state.andThenAPublished(events[i]);
        }
        asked.all.clear();
        return state;
    }

    private FixtureExecutionResult when(Object event, Object... before) {
        return before.length == 0
                ? fixture.givenNoPriorActivity().whenPublishingA(event).expectSuccessfulHandlerExecution()
                : given(before).whenPublishingA(event).expectSuccessfulHandlerExecution();
    }

    private void assertNext(Step... steps) {
        assertThat(asked.all)
                .containsExactlyElementsOf(List.of(steps).stream()
                        .map(step -> new Asked(Instant.MIN, step))
                        .toList());
    }

    private Authorize authorize(PaymentId payment, Instant requestedAt) {
        return new Authorize(
                        payment,
                        facts.reservation(),
                        facts.performance(),
                        facts.buyer(),
                        facts.total(),
                        facts.requested(payment, TOKEN, requestedAt).method(),
                        requestedAt.plus(PAYMENT_WINDOW),
                        null,
                        false,
                        null,
                        null)
                .asWhole();
    }

    private Object requested() {
        return facts.requested(FIRST, TOKEN, NOON);
    }

    private Object authorized() {
        return facts.authorized(FIRST, Facts.REFERENCE, NOON);
    }

    private Object[] booked() {
        return new Object[] {facts.held(), requested(), authorized(), facts.confirmed(FIRST, NOON)};
    }

    @Test
    void a_hold_gets_its_deadline_at_the_instant_it_ends() {
        when(facts.held()).expectActiveSagas(1);

        assertThat(asked.all)
                .containsExactly(new Asked(NOON.plus(HOLD), Expire.ofHold(facts.reservation(), facts.performance())));
    }

    @Test
    void a_requested_payment_is_checked_out_by_one_step() {
        when(requested(), facts.held()).expectActiveSagas(1);

        assertNext(authorize(FIRST, NOON));
    }

    @Test
    void a_payment_that_outlives_the_hold_gets_a_deadline_of_its_own() {
        Instant late = NOON.plus(HOLD).minusSeconds(1);
        when(facts.requested(FIRST, TOKEN, late), facts.held());

        assertThat(asked.all)
                .containsExactly(
                        new Asked(Instant.MIN, authorize(FIRST, late)),
                        new Asked(
                                late.plus(PAYMENT_WINDOW),
                                Expire.ofPayment(facts.reservation(), facts.performance(), FIRST)));
    }

    @Test
    void the_run_that_authorised_a_payment_goes_on_by_itself() {
        when(authorized(), facts.held(), requested()).expectActiveSagas(1);
        assertNext();

        when(facts.confirmed(FIRST, NOON), facts.held(), requested(), authorized())
                .expectActiveSagas(1);
        assertNext();
    }

    @Test
    void a_payment_requested_before_there_were_whole_checkouts_is_confirmed_and_captured_by_steps_of_their_own() {
        ReservationSaga saga = stored(OLD_PAYMENT.formatted(FIRST, "null"));

        saga.on(facts.authorized(FIRST, Facts.REFERENCE, NOON));
        assertNext(new Confirm(facts.reservation(), facts.performance(), FIRST));

        asked.all.clear();
        saga.on(facts.confirmed(FIRST, NOON));
        assertNext(new Capture(FIRST, Facts.REFERENCE, facts.total(), facts.reservation(), facts.performance()));
    }

    @Test
    void an_old_payment_that_was_authorised_is_captured_when_the_reservation_is_confirmed() {
        ReservationSaga saga = stored(OLD_PAYMENT.formatted(FIRST, "\"auth-1\""));

        saga.on(facts.confirmed(FIRST, NOON));
        assertNext(new Capture(FIRST, Facts.REFERENCE, facts.total(), facts.reservation(), facts.performance()));
    }

    /** As version 0.1 stored a saga. */
    private static final String OLD_PAYMENT =
            "{\"booked\":false,\"discounted\":null,\"heldUntil\":\"2026-06-01T12:05:00Z\",\"openPayments\":[{"
                    + "\"paymentId\":\"%s\",\"amount\":{\"minorUnits\":4900,\"currency\":\"EUR\"},"
                    + "\"gatewayReference\":%s}],\"over\":false,\"refundOf\":null}";

    private ReservationSaga stored(String json) {
        ReservationSaga read = SERIALIZER.deserialize(new SimpleSerializedObject<>(
                json.getBytes(StandardCharsets.UTF_8), byte[].class, "onsale.reservation-saga", "1"));
        assertThat(read).isNotNull();
        new SimpleResourceInjector(asked).injectResources(read);
        return read;
    }

    @Test
    void a_declined_payment_is_told_to_the_reservation_and_the_saga_goes_on() {
        when(facts.declined(FIRST, "CARD_DECLINED", NOON), facts.held(), requested())
                .expectActiveSagas(1);

        assertNext(new Fail(facts.reservation(), facts.performance(), FIRST, "CARD_DECLINED"));
    }

    @Test
    void a_declined_buyer_may_try_again() {
        when(
                        facts.requested(SECOND, TOKEN, NOON.plusSeconds(60)),
                        facts.held(),
                        requested(),
                        facts.declined(FIRST, "CARD_DECLINED", NOON),
                        facts.failed(FIRST, "CARD_DECLINED", NOON))
                .expectActiveSagas(1);

        assertNext(authorize(SECOND, NOON.plusSeconds(60)));
    }

    @Test
    void a_payment_that_fails_just_before_the_hold_ends_leaves_the_hold_alone() {
        Instant justBefore = NOON.plus(HOLD).minusNanos(1);
        when(facts.failed(FIRST, "CARD_DECLINED", justBefore), facts.held(), requested());

        assertNext();
    }

    @Test
    void a_payment_that_fails_when_the_hold_has_ended_expires_it_at_once() {
        when(facts.failed(FIRST, "CARD_DECLINED", NOON.plus(HOLD)), facts.held(), requested());

        assertNext(Expire.afterFailure(facts.reservation(), facts.performance(), FIRST));
    }

    @Test
    void a_captured_booking_ends_the_saga() {
        when(facts.captured(FIRST, NOON), booked()).expectActiveSagas(0);

        assertNext();
    }

    @Test
    void a_payment_given_back_after_a_refused_confirmation_is_told_to_the_reservation() {
        when(facts.voided(FIRST, "STALE_FENCING_TOKEN", NOON), facts.held(), requested(), authorized())
                .expectActiveSagas(1);

        assertNext(new Fail(facts.reservation(), facts.performance(), FIRST, "STALE_FENCING_TOKEN"));
    }

    @Test
    void a_payment_captured_and_refunded_before_a_booking_is_told_to_the_reservation() {
        when(facts.refunded(FIRST, NOON), facts.held(), requested(), authorized(), facts.captured(FIRST, NOON))
                .expectActiveSagas(1);

        assertNext(new Fail(facts.reservation(), facts.performance(), FIRST, "PAYMENT_REFUNDED"));
    }

    @Test
    void an_expired_hold_without_a_payment_ends_the_saga() {
        when(facts.expired(NOON.plus(HOLD)), facts.held()).expectActiveSagas(0);

        assertNext();
    }

    @Test
    void a_hold_that_expired_under_a_payment_waits_for_what_becomes_of_the_money() {
        Instant expiry = NOON.plus(HOLD);
        when(authorized(), facts.held(), requested(), facts.expired(expiry)).expectActiveSagas(1);
        assertNext();
    }

    @Test
    void a_late_authorisation_that_was_given_back_ends_the_saga() {
        when(
                        facts.voided(FIRST, "HOLD_EXPIRED", NOON),
                        facts.held(),
                        requested(),
                        facts.expired(NOON.plus(HOLD)),
                        authorized())
                .expectActiveSagas(0);

        assertNext();
    }

    @Test
    void a_late_decline_ends_the_saga() {
        when(facts.declined(FIRST, "CARD_DECLINED", NOON), facts.held(), requested(), facts.expired(NOON.plus(HOLD)))
                .expectActiveSagas(0);

        assertNext();
    }

    @Test
    void a_cancelled_hold_ends_the_saga() {
        when(facts.cancelled(null, NOON), facts.held()).expectActiveSagas(0);

        assertNext();
    }

    @Test
    void a_booking_cancelled_before_its_capture_is_given_back() {
        when(facts.cancelled(FIRST, NOON), booked()).expectActiveSagas(1);

        assertNext(new GiveBack(FIRST, "RESERVATION_CANCELLED"));
    }

    @Test
    void a_capture_that_overtakes_the_cancellation_waits_for_the_refund() {
        List<Object> before = new ArrayList<>(List.of(booked()));
        before.add(facts.cancelled(FIRST, NOON));
        when(facts.captured(FIRST, NOON), before.toArray()).expectActiveSagas(1);
        assertNext();
    }

    @Test
    void a_void_that_overtakes_the_capture_ends_the_saga() {
        List<Object> before = new ArrayList<>(List.of(booked()));
        before.add(facts.cancelled(FIRST, NOON));
        when(facts.voided(FIRST, "RESERVATION_CANCELLED", NOON), before.toArray())
                .expectActiveSagas(0);
        assertNext();
    }

    @Test
    void a_booking_cancelled_long_after_starts_a_saga_of_its_own() {
        List<Object> before = new ArrayList<>(List.of(booked()));
        before.add(facts.captured(FIRST, NOON));
        when(facts.cancelled(FIRST, NOON.plus(Duration.ofDays(30))), before.toArray())
                .expectActiveSagas(1);

        assertNext(new GiveBack(FIRST, "RESERVATION_CANCELLED"));
    }

    @Test
    void a_recorded_refund_ends_the_saga() {
        List<Object> before = new ArrayList<>(List.of(booked()));
        before.add(facts.captured(FIRST, NOON));
        before.add(facts.cancelled(FIRST, NOON));
        when(facts.refunded(FIRST, NOON), before.toArray()).expectActiveSagas(0);
        assertNext();
    }

    /** Facts after which a payment takes no money any more; the others say that it goes on. */
    private static final Set<Class<?>> ENDS =
            Set.of(PaymentDeclined.class, PaymentVoided.class, PaymentRefunded.class, PaymentRefundReported.class);

    private static final Set<Class<?>> GOES_ON = Set.of(
            PaymentInitiated.class,
            PaymentDelayed.class,
            PaymentActionRequired.class,
            PaymentAuthorized.class,
            PaymentCaptured.class,
            PaymentPartlyRefunded.class,
            PaymentDisputed.class);

    @Test
    void every_fact_of_a_payment_either_ends_it_or_not() {
        assertThat(Stream.concat(ENDS.stream(), GOES_ON.stream()))
                .containsExactlyInAnyOrder(PaymentEvent.class.getPermittedSubclasses());
    }

    static Stream<Arguments> ends() {
        Facts facts = Facts.ofAHold(NOON, HOLD, PAYMENT_WINDOW);
        return Stream.of(
                Arguments.of(facts, facts.declined(FIRST, "CARD_EXPIRED", NOON), "CARD_EXPIRED"),
                Arguments.of(facts, facts.declined(FIRST, "GATEWAY_UNAVAILABLE", NOON), "GATEWAY_UNAVAILABLE"),
                Arguments.of(
                        facts, facts.declined(FIRST, "AUTHENTICATION_TIMED_OUT", NOON), "AUTHENTICATION_TIMED_OUT"),
                Arguments.of(facts, facts.voided(FIRST, "HOLD_EXPIRED", NOON), "HOLD_EXPIRED"),
                Arguments.of(facts, facts.voided(FIRST, "CANCELLED_AT_GATEWAY", NOON), "CANCELLED_AT_GATEWAY"),
                Arguments.of(facts, facts.refunded(FIRST, NOON), "PAYMENT_REFUNDED"),
                Arguments.of(facts, reported(facts, RefundStatus.FAILED), "REFUND_FAILED"),
                Arguments.of(facts, reported(facts, RefundStatus.CANCELED), "REFUND_CANCELED"));
    }

    private static PaymentRefundReported reported(Facts facts, RefundStatus status) {
        return new PaymentRefundReported(
                FIRST, facts.reservation(), facts.performance(), "re_1", facts.total(), status, null, NOON);
    }

    @ParameterizedTest
    @MethodSource("ends")
    void every_end_of_a_payment_before_a_booking_is_told_to_its_reservation(Facts of, PaymentEvent end, String reason) {
        assertThat(ENDS).contains(end.getClass());
        when(end, of.held(), of.requested(FIRST, TOKEN, NOON)).expectActiveSagas(1);
        assertNext(new CheckoutStep.Fail(of.reservation(), of.performance(), FIRST, reason));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void nothing_waits_for_a_payment_that_has_ended_after_its_hold(Facts of, PaymentEvent end, String reason) {
        when(of.expired(NOON.plus(HOLD)), of.held(), of.requested(FIRST, TOKEN, NOON), end)
                .expectActiveSagas(0);
        assertThat(asked.all).as(reason).isEmpty();
    }

    @Test
    void a_refund_under_way_or_failed_leaves_a_booking_alone() {
        List<Object> before = new ArrayList<>(List.of(booked()));
        when(
                        new PaymentRefundReported(
                                FIRST,
                                facts.reservation(),
                                facts.performance(),
                                "re_1",
                                facts.total(),
                                RefundStatus.PENDING,
                                null,
                                NOON),
                        before.toArray())
                .expectActiveSagas(1);
        assertNext();
    }

    @Test
    void a_refund_that_failed_after_a_cancellation_ends_the_saga() {
        List<Object> before = new ArrayList<>(List.of(booked()));
        before.add(facts.captured(FIRST, NOON));
        before.add(facts.cancelled(FIRST, NOON));
        when(reported(facts, RefundStatus.FAILED), before.toArray()).expectActiveSagas(0);
        assertNext();
    }

    @Test
    void what_a_saga_knows_survives_its_way_through_the_store() {
        ReservationSaga saga = readBack(new ReservationSaga());
        saga.on(facts.held());
        saga = readBack(saga);
        saga.on(facts.requested(FIRST, TOKEN, NOON));
        saga = readBack(saga);
        saga.on(facts.authorized(FIRST, Facts.REFERENCE, NOON));
        saga = readBack(saga);
        saga.on(facts.confirmed(FIRST, NOON));

        SerializedObject<String> stored = SERIALIZER.serialize(saga, String.class);
        assertThat(stored.getType().getName()).isEqualTo("onsale.reservation-saga");
        assertThat(stored.getData())
                .isEqualTo(
                        "{\"booked\":true,\"discounted\":null,\"heldUntil\":\"2026-06-01T12:05:00Z\",\"openPayments\":[{"
                                + "\"paymentId\":\"" + FIRST
                                + "\",\"amount\":{\"minorUnits\":4900,\"currency\":\"EUR\"},"
                                + "\"gatewayReference\":null,\"whole\":true}],\"over\":false,\"refundOf\":null}");
    }

    private ReservationSaga readBack(ReservationSaga saga) {
        ReservationSaga read = SERIALIZER.deserialize(SERIALIZER.serialize(saga, byte[].class));
        assertThat(read).isNotNull();
        new SimpleResourceInjector(asked).injectResources(read);
        return read;
    }
}
