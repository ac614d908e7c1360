package dev.onsale.saga.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.payment.RecordAuthorization;
import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.reservation.ConfirmReservation;
import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.api.reservation.PaymentFailed;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.eventlog.EventJson;
import dev.onsale.paymentsimulator.PaymentSimulator;
import dev.onsale.paymentsimulator.SimulatorOptions;
import dev.onsale.testsupport.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whole checkouts: real database, real event store, real gateway over HTTP; only the command side is a stand-in. */
@Tag("services")
class CheckoutFlowTest {

    private static final Duration HOLD = Duration.ofMinutes(5);
    private static final Duration PAYMENT_WINDOW = Duration.ofMinutes(2);
    private static final long PRICE = 4_900;

    private final TestDatabase database = TestDatabase.fresh();
    private final MovableClock clock = new MovableClock();
    private final PaymentSimulator gateway =
            PaymentSimulator.start(SimulatorOptions.defaults().withDelay(Duration.ZERO, Duration.ZERO));
    private final Facts facts = Facts.ofAHold(clock.instant(), HOLD, PAYMENT_WINDOW);
    private final PaymentId payment = PaymentId.next();
    private SagaHost host = start();

    private SagaHost start() {
        return SagaHost.start(database, gateway.baseUri(), clock);
    }

    @BeforeEach
    void theProcessorRunsBeforeAnythingHappens() {
        await("the saga's processor has all of its tokens").until(() -> host.jdbc()
                .sql("SELECT COUNT(*) > 0 AND COUNT(*) = COUNT(owner) FROM token_entry"
                        + " WHERE processor_name = 'reservation-saga'")
                .query(Boolean.class)
                .single());
    }

    @AfterEach
    void stop() {
        host.close();
        gateway.close();
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(60));
    }

    private BackOffice office() {
        return host.backOffice();
    }

    private void pay(PaymentId id, String token) {
        office().happened(facts.requested(id, token, clock.instant()));
    }

    private void awaitFact(Object aggregateId, Class<? extends OnsaleEvent> fact) {
        await(fact.getSimpleName())
                .until(() -> office().historyOf(aggregateId).stream().anyMatch(fact::isInstance));
    }

    private void awaitNothingLeft() {
        await("no saga is left").until(() -> count("saga") == 0);
        clock.advance(HOLD.plus(PAYMENT_WINDOW));
        await("no step is left").until(() -> count("saga_step") == 0);
    }

    private long count(String table) {
        return host.jdbc()
                .sql("SELECT COUNT(*) FROM " + table)
                .query(Long.class)
                .single();
    }

    private List<Class<?>> historyOf(Object aggregateId) {
        return office().historyOf(aggregateId).stream()
                .<Class<?>>map(OnsaleEvent::getClass)
                .toList();
    }

    /** The gateway's own books. */
    private JsonNode ledger() throws IOException, InterruptedException {
        URI address = URI.create(gateway.baseUri() + "/v1/ledger/balance");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return EventJson.mapper()
                    .readTree(http.send(request, BodyHandlers.ofString()).body())
                    .path("balances")
                    .path(0);
        }
    }

    private void assertLedger(long authorized, long captured, long refunded, long voided) throws Exception {
        JsonNode books = ledger();
        assertThat(List.of(
                        books.path("authorizedMinorUnits").asLong(),
                        books.path("capturedMinorUnits").asLong(),
                        books.path("refundedMinorUnits").asLong(),
                        books.path("voidedMinorUnits").asLong()))
                .as("authorized, captured, refunded, voided")
                .containsExactly(authorized, captured, refunded, voided);
    }

    @Test
    void an_approved_payment_books_the_seats_and_is_captured_once() throws Exception {
        office().happened(facts.held());
        pay(payment, "tok_approved");

        awaitFact(payment, PaymentCaptured.class);
        assertThat(historyOf(payment))
                .containsExactly(PaymentInitiated.class, PaymentAuthorized.class, PaymentCaptured.class);
        assertLedger(PRICE, PRICE, 0, 0);
        awaitNothingLeft();
    }

    @Test
    void a_declined_buyer_pays_with_another_card() throws Exception {
        office().happened(facts.held());
        pay(payment, "tok_declined_card");
        awaitFact(facts.reservation(), PaymentFailed.class);

        PaymentId second = PaymentId.next();
        pay(second, "tok_approved");
        awaitFact(second, PaymentCaptured.class);
        assertLedger(PRICE, PRICE, 0, 0);
        awaitNothingLeft();
    }

    @Test
    void an_answer_lost_after_the_money_was_authorised_is_found_again() throws Exception {
        office().happened(facts.held());
        pay(payment, "tok_approved_answer_lost");

        awaitFact(payment, PaymentCaptured.class);
        assertLedger(PRICE, PRICE, 0, 0);
        awaitNothingLeft();
    }

    @Test
    void a_refused_confirmation_gives_the_money_back_and_tells_the_reservation() throws Exception {
        office().confirmationsRefusedWith = RefusalCode.STALE_FENCING_TOKEN;
        office().happened(facts.held());
        pay(payment, "tok_approved");

        awaitFact(facts.reservation(), PaymentFailed.class);
        assertThat(historyOf(payment))
                .containsExactly(PaymentInitiated.class, PaymentAuthorized.class, PaymentVoided.class);
        assertThat(((PaymentFailed) office().historyOf(facts.reservation()).getLast()).reason())
                .isEqualTo("STALE_FENCING_TOKEN");
        assertLedger(PRICE, 0, 0, PRICE);
        clock.advance(HOLD);
        awaitFact(facts.reservation(), ReservationExpired.class);
        awaitNothingLeft();
    }

    @Test
    void a_booking_cancelled_after_its_capture_is_refunded_once() throws Exception {
        office().happened(facts.held());
        pay(payment, "tok_approved");
        awaitFact(payment, PaymentCaptured.class);
        awaitNothingLeft();

        office().happened(facts.cancelled(payment, clock.instant()));
        awaitFact(payment, PaymentRefunded.class);
        assertLedger(PRICE, PRICE, PRICE, 0);
        awaitNothingLeft();
    }

    @Test
    void a_booking_cancelled_while_it_is_captured_ends_with_no_money_taken() throws Exception {
        office().cancelsWhatItConfirms = true;
        office().happened(facts.held());
        pay(payment, "tok_approved");

        await("the money is back").until(() -> office().historyOf(payment).stream()
                .anyMatch(fact -> fact instanceof PaymentVoided || fact instanceof PaymentRefunded));
        assertThat(ledger().path("netMinorUnits").asLong()).isZero();
        assertThat(ledger().path("openMinorUnits").asLong()).isZero();
        awaitNothingLeft();
    }

    @Test
    void a_hold_that_nobody_pays_expires_at_its_instant_and_not_before() {
        office().happened(facts.held());
        await("the deadline is written down").until(() -> count("saga_step") == 1);
        assertThat(host.jdbc()
                        .sql("SELECT CAST(execution_time AS CHAR) FROM saga_step")
                        .query(String.class)
                        .single())
                .as("the instant, as UTC")
                .startsWith(facts.heldUntil().toString().substring(0, 19).replace('T', ' '));

        clock.advance(HOLD);
        awaitFact(facts.reservation(), ReservationExpired.class);
        assertThat(((ReservationExpired) office().historyOf(facts.reservation()).getLast()).expiredAt())
                .isAfterOrEqualTo(facts.heldUntil());
        awaitNothingLeft();
    }

    @Test
    void a_deadline_outlives_the_process() {
        office().happened(facts.held());
        await("the deadline is written down").until(() -> count("saga_step") == 1);
        host.close();
        clock.advance(HOLD);
        host = start();

        awaitFact(facts.reservation(), ReservationExpired.class);
        awaitNothingLeft();
    }

    @Test
    void a_hold_does_not_expire_under_a_payment_in_flight_and_then_does() {
        office().outOfOrder.add(RecordAuthorization.class);
        clock.advance(HOLD.minusSeconds(30));
        office().happened(facts.held());
        pay(payment, "tok_approved");
        await("the authorisation is to be recorded")
                .until(() -> office().received.stream().anyMatch(RecordAuthorization.class::isInstance));

        clock.advance(Duration.ofMinutes(1));
        await("the hold's own deadline was looked at")
                .until(() -> office().received.stream().anyMatch(ExpireReservation.class::isInstance));
        assertThat(historyOf(facts.reservation())).doesNotContain(ReservationExpired.class);

        clock.advance(PAYMENT_WINDOW);
        awaitFact(facts.reservation(), ReservationExpired.class);
        office().outOfOrder.clear();
        awaitFact(payment, PaymentVoided.class);
        awaitNothingLeft();
    }

    @Test
    void a_process_that_stops_before_it_recorded_the_authorisation_goes_on_after_its_restart() throws Exception {
        office().outOfOrder.add(RecordAuthorization.class);
        office().happened(facts.held());
        pay(payment, "tok_approved");
        await("the gateway has authorised")
                .until(() -> office().received.stream().anyMatch(RecordAuthorization.class::isInstance));
        host.close();
        host = start();

        awaitFact(payment, PaymentCaptured.class);
        assertLedger(PRICE, PRICE, 0, 0);
        awaitNothingLeft();
    }

    @Test
    void a_process_that_stops_before_the_confirmation_goes_on_after_its_restart() throws Exception {
        office().outOfOrder.add(ConfirmReservation.class);
        office().happened(facts.held());
        pay(payment, "tok_approved");
        await("a confirmation was tried")
                .until(() -> office().received.stream().anyMatch(ConfirmReservation.class::isInstance));
        host.close();
        host = start();

        awaitFact(payment, PaymentCaptured.class);
        assertLedger(PRICE, PRICE, 0, 0);
        awaitNothingLeft();
    }

    @Test
    void a_process_that_stops_before_it_recorded_the_capture_goes_on_after_its_restart() throws Exception {
        office().outOfOrder.add(RecordCapture.class);
        office().happened(facts.held());
        pay(payment, "tok_approved");
        await("the gateway has captured")
                .until(() -> office().received.stream().anyMatch(RecordCapture.class::isInstance));
        host.close();
        host = start();

        awaitFact(payment, PaymentCaptured.class);
        assertLedger(PRICE, PRICE, 0, 0);
        awaitNothingLeft();
    }

    @Test
    void a_step_whose_node_died_in_the_middle_is_taken_over() throws Exception {
        office().outOfOrder.add(RecordAuthorization.class);
        office().happened(facts.held());
        pay(payment, "tok_approved");
        await("the gateway has authorised")
                .until(() -> office().received.stream().anyMatch(RecordAuthorization.class::isInstance));
        host.close();
        leaveStepsPickedByADeadNode();
        host = start();

        awaitFact(payment, PaymentCaptured.class);
        assertLedger(PRICE, PRICE, 0, 0);
        awaitNothingLeft();
    }

    private void leaveStepsPickedByADeadNode() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            int left = statement.executeUpdate("UPDATE saga_step SET picked = TRUE, picked_by = 'dead-node',"
                    + " last_heartbeat = '2020-01-01 00:00:00' WHERE task_name = 'check-out'");
            assertThat(left).isEqualTo(1);
        }
    }

    @Test
    void a_gateway_out_of_reach_until_the_payments_time_is_over_fails_the_payment_with_a_clear_reason() {
        gateway.close();
        office().happened(facts.held());
        pay(payment, "tok_approved");
        await("the payment was opened").until(() -> historyOf(payment).contains(PaymentInitiated.class));

        clock.advance(PAYMENT_WINDOW);
        awaitFact(facts.reservation(), PaymentFailed.class);
        assertThat(((PaymentDeclined) office().historyOf(payment).getLast()).reason())
                .isEqualTo("GATEWAY_UNAVAILABLE");
        clock.advance(HOLD);
        awaitFact(facts.reservation(), ReservationExpired.class);
        awaitNothingLeft();
    }

    @Test
    void two_nodes_carry_many_checkouts_and_the_books_balance() throws Exception {
        int buyers = 100;
        Map<Facts, PaymentId> checkouts = new LinkedHashMap<>();
        try (SagaHost second = start()) {
            assertThat(second.bean(BackOffice.class)).isNotSameAs(office());
            for (int i = 0; i < buyers; i++) {
                Facts reservation = Facts.ofAHold(clock.instant(), HOLD, PAYMENT_WINDOW);
                PaymentId attempt = PaymentId.next();
                checkouts.put(reservation, attempt);
                office().happened(reservation.held(), reservation.requested(attempt, "tok_demo", clock.instant()));
            }
            await("every payment has its outcome")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> checkouts.entrySet().stream()
                            .allMatch(checkout -> historyOf(checkout.getValue()).contains(PaymentCaptured.class)
                                    || historyOf(checkout.getKey().reservation())
                                            .contains(PaymentFailed.class)));
            clock.advance(HOLD);
            awaitNothingLeft();
        }

        long booked = checkouts.keySet().stream()
                .filter(facts -> historyOf(facts.reservation()).contains(ReservationConfirmed.class))
                .count();
        assertThat(booked).as("some cards are approved and some declined").isBetween(1L, buyers - 1L);
        assertLedger(booked * PRICE, booked * PRICE, 0, 0);
        assertThat(checkouts.keySet()).as("each hold is booked or expired").allSatisfy(facts -> assertThat(
                        historyOf(facts.reservation()))
                .containsAnyOf(ReservationConfirmed.class, ReservationExpired.class));
    }

    @Test
    void a_reservation_of_before_the_first_start_is_left_alone() {
        Facts later = Facts.ofAHold(clock.instant(), HOLD, PAYMENT_WINDOW);
        forgetTheProcessorAfter(facts);
        host = start();
        theProcessorRunsBeforeAnythingHappens();
        office().happened(later.held());

        await("the later hold has its deadline").until(() -> count("saga_step") == 1);
        assertThat(count("saga")).isEqualTo(1);
    }

    /** As if the log had been there before the saga side was. */
    private void forgetTheProcessorAfter(Facts earlier) {
        office().happened(earlier.held());
        await("the earlier hold has its deadline").until(() -> count("saga_step") == 1);
        host.close();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM token_entry WHERE processor_name = 'reservation-saga'");
            statement.executeUpdate("DELETE FROM saga");
            statement.executeUpdate("DELETE FROM saga_step");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
