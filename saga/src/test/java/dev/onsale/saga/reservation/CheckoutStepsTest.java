package dev.onsale.saga.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.RedeemCoupon;
import dev.onsale.api.coupon.RestoreCoupon;
import dev.onsale.api.payment.InitiatePayment;
import dev.onsale.api.payment.PaymentActionRequired;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.payment.RecordActionRequired;
import dev.onsale.api.payment.RecordAuthorization;
import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.payment.RecordDecline;
import dev.onsale.api.payment.RecordDelay;
import dev.onsale.api.payment.RecordRefund;
import dev.onsale.api.payment.RecordRefundReport;
import dev.onsale.api.payment.RecordVoid;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.api.personal.SealedText;
import dev.onsale.api.reservation.ConfirmReservation;
import dev.onsale.api.reservation.LatePaymentRejected;
import dev.onsale.api.reservation.PaymentDiscounted;
import dev.onsale.api.reservation.RevokeBooking;
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.api.wallet.DebitPoints;
import dev.onsale.api.wallet.RefundPoints;
import dev.onsale.saga.SagaProperties;
import dev.onsale.saga.payment.AuthorizationRequest;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.GatewayAnswer.Absent;
import dev.onsale.saga.payment.GatewayAnswer.ActionRequired;
import dev.onsale.saga.payment.GatewayAnswer.Authorized;
import dev.onsale.saga.payment.GatewayAnswer.Declined;
import dev.onsale.saga.payment.GatewayAnswer.Found;
import dev.onsale.saga.payment.GatewayAnswer.Misconfigured;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Refused;
import dev.onsale.saga.payment.GatewayAnswer.Settled;
import dev.onsale.saga.payment.GatewayAnswer.Status;
import dev.onsale.saga.payment.GatewayAnswer.UnderWay;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import dev.onsale.saga.payment.PaymentGateway;
import dev.onsale.saga.payment.PaymentLookup;
import dev.onsale.saga.reservation.CheckoutStep.Authorize;
import dev.onsale.saga.reservation.CheckoutStep.Capture;
import dev.onsale.saga.reservation.CheckoutStep.Confirm;
import dev.onsale.saga.reservation.CheckoutStep.GiveBack;
import dev.onsale.saga.step.StepResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.context.properties.bind.Binder;

/** What each step makes of each answer. */
class CheckoutStepsTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final String REFERENCE = Facts.REFERENCE;
    private static final PaymentId PAYMENT = PaymentId.next();
    private static final Money PRICE = Money.of(4_900, "EUR");
    private static final SagaProperties SETTINGS = new Binder().bindOrCreate("onsale.saga", SagaProperties.class);

    private final Facts facts = Facts.ofAHold(NOON, Duration.ofMinutes(5), Duration.ofMinutes(2));
    private final ScriptedGateway gateway = new ScriptedGateway();
    private final List<OnsaleCommand> sent = new ArrayList<>();
    private final Map<Class<?>, RefusalCode> refusals = new HashMap<>();
    /** Commands that conflict until another one was handled. */
    private final Map<Class<?>, Class<?>> refusedUntil = new HashMap<>();

    private final Map<Class<?>, Object> answers = new HashMap<>();
    private final CommandDispatcher commands = commands();
    private CardTokens cards = step -> Optional.of(step.method());

    private CommandDispatcher commands() {
        SimpleCommandBus bus = SimpleCommandBus.builder().build();
        for (Class<?> type : List.of(
                InitiatePayment.class,
                RecordAuthorization.class,
                RecordDecline.class,
                RecordCapture.class,
                RecordVoid.class,
                RecordRefund.class,
                RecordDelay.class,
                RecordActionRequired.class,
                RecordRefundReport.class,
                RedeemCoupon.class,
                RestoreCoupon.class,
                DebitPoints.class,
                RefundPoints.class,
                RevokeBooking.class,
                ConfirmReservation.class)) {
            bus.subscribe(type.getName(), message -> {
                Class<?> first = refusedUntil.get(type);
                RefusalCode refusal = first != null && sent.stream().noneMatch(first::isInstance)
                        ? RefusalCode.PAYMENT_STATE_CONFLICT
                        : refusals.get(type);
                if (refusal != null) {
                    throw new RefusedException(refusal, "as the test wants it");
                }
                sent.add((OnsaleCommand) message.getPayload());
                return answers.getOrDefault(type, "");
            });
        }
        return new CommandDispatcher(
                DefaultCommandGateway.builder().commandBus(bus).build(), SETTINGS);
    }

    /** Gives the next answer, or fails the test if it is asked for something else. */
    private static final class ScriptedGateway implements PaymentGateway {
        private final Deque<Map.Entry<String, GatewayAnswer>> script = new ArrayDeque<>();
        private final List<AuthorizationRequest> authorizations = new ArrayList<>();
        private final List<PaymentLookup> lookups = new ArrayList<>();
        private final List<Integer> attempts = new ArrayList<>();
        private @Nullable Error broken;

        ScriptedGateway on(String call, GatewayAnswer answer) {
            script.add(Map.entry(call, answer));
            return this;
        }

        private <A extends GatewayAnswer> A next(String call, Class<A> type) {
            if (broken != null) {
                throw broken;
            }
            Map.Entry<String, GatewayAnswer> next = script.remove();
            assertThat(call).isEqualTo(next.getKey());
            return type.cast(next.getValue());
        }

        @Override
        public GatewayAnswer.ToAuthorize authorize(AuthorizationRequest request) {
            authorizations.add(request);
            return next("authorize", GatewayAnswer.ToAuthorize.class);
        }

        @Override
        public GatewayAnswer.ToSettle capture(PaymentId paymentId, String gatewayReference, Money amount, int attempt) {
            attempts.add(attempt);
            return next("capture", GatewayAnswer.ToSettle.class);
        }

        @Override
        public GatewayAnswer.ToSettle voidAuthorization(PaymentId paymentId, String gatewayReference, int attempt) {
            attempts.add(attempt);
            return next("void", GatewayAnswer.ToSettle.class);
        }

        @Override
        public GatewayAnswer.ToSettle refund(PaymentId paymentId, String gatewayReference, Money amount, int attempt) {
            attempts.add(attempt);
            return next("refund", GatewayAnswer.ToSettle.class);
        }

        @Override
        public GatewayAnswer.ToSettle refundPart(
                PaymentId paymentId, String gatewayReference, int part, Money amount, int attempt) {
            attempts.add(attempt);
            return next("refund-" + part, GatewayAnswer.ToSettle.class);
        }

        @Override
        public GatewayAnswer.ToFind find(PaymentLookup lookup) {
            lookups.add(lookup);
            return next("find", GatewayAnswer.ToFind.class);
        }

        @Override
        public GatewayAnswer.ToIdentify identify(String gatewayReference) {
            return next("identify", GatewayAnswer.ToIdentify.class);
        }

        @Override
        public GatewayAnswer.ToDispute dispute(String disputeReference) {
            return next("dispute", GatewayAnswer.ToDispute.class);
        }
    }

    private boolean clientSecretWasTold;
    private boolean authorizationWasRecorded;

    private PaymentHistory paymentFacts() {
        EventStore store = EmbeddedEventStore.builder()
                .storageEngine(new InMemoryEventStorageEngine())
                .build();
        store.publish(new GenericDomainEventMessage<>(
                "Payment",
                PAYMENT.toString(),
                0,
                new PaymentInitiated(
                        PAYMENT, facts.reservation(), facts.performance(), facts.buyer(), PRICE, paidWith, NOON)));
        store.publish(new GenericDomainEventMessage<>(
                "Reservation",
                facts.reservation().toString(),
                0,
                new PaymentDiscounted(
                        facts.reservation(),
                        facts.performance(),
                        facts.buyer(),
                        PAYMENT,
                        COUPON.campaignId(),
                        COUPON.couponId(),
                        PRICE,
                        NOON)));
        if (clientSecretWasTold) {
            store.publish(new GenericDomainEventMessage<>(
                    "Payment",
                    PAYMENT.toString(),
                    1,
                    new PaymentActionRequired(
                            PAYMENT,
                            facts.reservation(),
                            facts.performance(),
                            REFERENCE,
                            SealedText.of("opd1.x.secret"),
                            NOON)));
        }
        if (authorizationWasRecorded) {
            store.publish(new GenericDomainEventMessage<>(
                    "Payment", PAYMENT.toString(), 1, facts.authorized(PAYMENT, REFERENCE, NOON)));
        }
        return new PaymentHistory(store, NoTransactionManager.instance());
    }

    private static final UsedCoupon COUPON = new UsedCoupon(CampaignId.next(), CouponId.next());
    private static final RestoreCoupon RESTORE = new RestoreCoupon(COUPON.campaignId(), COUPON.couponId(), PAYMENT);
    private PaymentMethod paidWith = new PaymentMethod.Card("tok_***");

    private Authorize couponed(PaymentMethod method, Money amount) {
        return new Authorize(
                PAYMENT,
                facts.reservation(),
                facts.performance(),
                facts.buyer(),
                amount,
                method,
                NOON.plus(Duration.ofMinutes(2)),
                COUPON,
                false,
                null,
                null);
    }

    private RedeemCoupon redeemed() {
        return new RedeemCoupon(COUPON.campaignId(), COUPON.couponId(), facts.buyer(), facts.reservation(), PAYMENT);
    }

    @Test
    void a_coupon_is_redeemed_before_money_moves_and_comes_back_when_the_card_is_declined() throws Exception {
        gateway.on("authorize", new Declined("CARD_EXPIRED"));

        assertThat(authorize(couponed(new PaymentMethod.Card("tok"), PRICE), NOON))
                .isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating())
                .containsExactly(redeemed(), new RecordDecline(PAYMENT, "CARD_EXPIRED"), RESTORE);
    }

    @Test
    void a_coupon_that_somebody_else_used_first_ends_the_payment_before_money_moves() throws Exception {
        refusals.put(RedeemCoupon.class, RefusalCode.COUPON_REDEEMED);

        assertThat(authorize(couponed(new PaymentMethod.Card("tok"), PRICE), NOON))
                .isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "COUPON_REDEEMED"), RESTORE);
    }

    @Test
    void a_run_repeated_after_its_decline_was_recorded_only_brings_the_coupon_back() throws Exception {
        answers.put(InitiatePayment.class, PaymentStatus.DECLINED);

        assertThat(authorize(couponed(new PaymentMethod.Card("tok"), PRICE), NOON))
                .isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(RESTORE);
    }

    @Test
    void a_coupon_for_the_whole_price_asks_no_gateway() throws Exception {
        assertThat(authorize(couponed(new PaymentMethod.Card("tok"), Money.of(0, "EUR")), NOON))
                .isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating())
                .containsExactly(redeemed(), new RecordAuthorization(PAYMENT, WalletPayments.REFERENCE));
    }

    @Test
    void points_are_debited_and_too_few_of_them_are_a_decline() throws Exception {
        assertThat(authorize(couponed(new PaymentMethod.Points(), PRICE), NOON)).isEqualTo(StepResult.done());
        DebitPoints debit = new DebitPoints(facts.buyer(), PAYMENT, facts.reservation(), PRICE);
        assertThat(sentAfterInitiating())
                .containsExactly(redeemed(), debit, new RecordAuthorization(PAYMENT, WalletPayments.REFERENCE));

        sent.clear();
        refusals.put(DebitPoints.class, RefusalCode.INSUFFICIENT_POINTS);
        assertThat(authorize(couponed(new PaymentMethod.Points(), PRICE), NOON)).isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating())
                .containsExactly(redeemed(), new RecordDecline(PAYMENT, "INSUFFICIENT_POINTS"), RESTORE);
    }

    @Test
    void points_are_given_back_without_a_gateway_before_and_after_the_capture() throws Exception {
        paidWith = new PaymentMethod.Points();
        assertThat(giveBack()).isEqualTo(StepResult.done());
        assertThat(sent)
                .containsExactly(
                        new RefundPoints(facts.buyer(), PAYMENT), new RecordVoid(PAYMENT, "HOLD_EXPIRED"), RESTORE);

        sent.clear();
        refusals.put(RecordVoid.class, RefusalCode.PAYMENT_STATE_CONFLICT);
        assertThat(giveBack()).isEqualTo(StepResult.done());
        assertThat(sent).containsExactly(new RefundPoints(facts.buyer(), PAYMENT), new RecordRefund(PAYMENT), RESTORE);
    }

    @Test
    void a_late_payment_whose_seats_are_gone_is_given_back() throws Exception {
        answers.put(
                ConfirmReservation.class,
                new LatePaymentRejected(
                        facts.reservation(), facts.performance(), facts.buyer(), PAYMENT, "SEAT_TAKEN", NOON));
        assertThat(new ConfirmStep(commands).take(new Confirm(facts.reservation(), facts.performance(), PAYMENT)))
                .isEqualTo(new StepResult.Instead(new GiveBack(PAYMENT, "SEAT_TAKEN")));
    }

    private static Found found(Status status) {
        return new Found(REFERENCE, status, PRICE, "CARD_DECLINED");
    }

    private Authorize step(boolean maybeSent) {
        return new Authorize(
                PAYMENT,
                facts.reservation(),
                facts.performance(),
                facts.buyer(),
                PRICE,
                new PaymentMethod.Card("tok_demo"),
                NOON.plus(Duration.ofMinutes(2)),
                null,
                maybeSent,
                null,
                null);
    }

    private StepResult authorize(Authorize step, Instant now) throws InterruptedException {
        StepResult result = new AuthorizeStep(
                        commands,
                        gateway,
                        cards,
                        new WalletPayments(commands),
                        new CouponRedemption(commands),
                        (authorize, secret) -> SealedText.of("opd1.x." + secret),
                        paymentFacts(),
                        SETTINGS,
                        Clock.fixed(now, ZoneOffset.UTC))
                .take(step);
        assertThat(gateway.script).as("answers nobody asked for").isEmpty();
        return result;
    }

    private List<OnsaleCommand> sentAfterInitiating() {
        assertThat(sent.get(0)).isInstanceOf(InitiatePayment.class);
        return sent.subList(1, sent.size());
    }

    @Test
    void an_authorisation_is_recorded() throws Exception {
        gateway.on("authorize", new Authorized(REFERENCE));

        assertThat(authorize(step(false), NOON)).isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordAuthorization(PAYMENT, REFERENCE));
    }

    @Test
    void a_whole_checkout_goes_on_from_the_authorisation_to_the_capture() throws Exception {
        gateway.on("authorize", new Authorized(REFERENCE));
        Confirm confirm = Confirm.after(step(false), REFERENCE);
        assertThat(authorize(step(false).asWhole(), NOON)).isEqualTo(new StepResult.Then(confirm));

        Capture capture = new Capture(PAYMENT, REFERENCE, PRICE, facts.reservation(), facts.performance());
        assertThat(new ConfirmStep(commands).take(confirm)).isEqualTo(new StepResult.Then(capture));
    }

    @Test
    void a_whole_checkout_that_was_cut_off_after_its_authorisation_goes_on_without_the_gateway() throws Exception {
        answers.put(InitiatePayment.class, PaymentStatus.AUTHORIZED);
        authorizationWasRecorded = true;

        assertThat(authorize(step(true).asWhole(), NOON))
                .isEqualTo(new StepResult.Then(Confirm.after(step(false), REFERENCE)));
    }

    @ParameterizedTest
    @EnumSource(
            value = PaymentStatus.class,
            names = {"CAPTURED", "VOIDED", "REFUNDED"})
    void a_whole_checkout_that_has_ended_is_not_carried_on(PaymentStatus status) throws Exception {
        answers.put(InitiatePayment.class, status);
        authorizationWasRecorded = true;

        assertThat(authorize(step(true).asWhole(), NOON)).isEqualTo(StepResult.done());
    }

    @Test
    void a_whole_checkout_without_a_confirmation_gives_the_money_back() throws Exception {
        refusals.put(ConfirmReservation.class, RefusalCode.HOLD_EXPIRED);

        assertThat(new ConfirmStep(commands).take(Confirm.after(step(false), REFERENCE)))
                .isEqualTo(new StepResult.Instead(new GiveBack(PAYMENT, "HOLD_EXPIRED")));
    }

    @Test
    void a_decline_is_recorded() throws Exception {
        gateway.on("authorize", new Declined("CARD_EXPIRED"));

        assertThat(authorize(step(false), NOON)).isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "CARD_EXPIRED"));
    }

    @Test
    void an_unknown_outcome_records_nothing_and_is_remembered_as_perhaps_sent() throws Exception {
        gateway.on("authorize", new Unknown("timeout"));

        assertThat(authorize(step(false), NOON)).isEqualTo(new StepResult.Unresolved(step(true), "timeout"));
        assertThat(sentAfterInitiating()).containsExactly(new RecordDelay(PAYMENT, "OUTCOME_UNKNOWN"));
    }

    @Test
    void what_was_never_sent_stays_so_and_waits() throws Exception {
        gateway.on("authorize", new NotSent("circuit open"));

        assertThat(authorize(step(false), NOON)).isEqualTo(new StepResult.NotBegun(step(false), "circuit open"));
    }

    @Test
    void what_was_never_sent_until_its_time_is_over_is_not_sent_any_more() throws Exception {
        assertThat(authorize(step(false), NOON.plus(Duration.ofMinutes(2)))).isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "GATEWAY_UNAVAILABLE"));
    }

    @Test
    void what_may_have_been_sent_is_looked_for_however_late_it_is() throws Exception {
        gateway.on("find", new Unknown("timeout"));

        assertThat(authorize(step(true), NOON.plus(Duration.ofDays(1))))
                .isEqualTo(new StepResult.Unresolved(step(true), "timeout"));
        assertThat(sentAfterInitiating()).containsExactly(new RecordDelay(PAYMENT, "OUTCOME_UNKNOWN"));
    }

    @Test
    void what_is_found_authorised_is_recorded_without_asking_for_more_money() throws Exception {
        gateway.on("find", found(Status.AUTHORIZED));

        assertThat(authorize(step(true), NOON)).isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordAuthorization(PAYMENT, REFERENCE));
    }

    @Test
    void what_is_found_declined_is_recorded_as_declined() throws Exception {
        gateway.on("find", found(Status.DECLINED));

        assertThat(authorize(step(true), NOON)).isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "CARD_DECLINED"));
    }

    @Test
    void what_is_not_found_is_asked_for_again_under_its_key() throws Exception {
        gateway.on("find", new Absent()).on("authorize", new Authorized(REFERENCE));

        assertThat(authorize(step(true), NOON)).isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordAuthorization(PAYMENT, REFERENCE));
    }

    @Test
    void what_is_not_found_after_its_time_is_not_authorised_but_declined_and_looked_for_once_more() throws Exception {
        gateway.on("find", new Absent());

        Instant late = NOON.plus(Duration.ofHours(3));
        assertThat(authorize(step(true), late))
                .isEqualTo(new StepResult.Again(step(true), late.plus(Duration.ofMinutes(5))));
        assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "GATEWAY_UNAVAILABLE"));
    }

    @Test
    void what_fails_before_the_call_to_the_gateway_was_certainly_not_sent() {
        for (Class<?> command : List.of(InitiatePayment.class, RedeemCoupon.class)) {
            refusals.clear();
            refusals.put(command, RefusalCode.TEMPORARILY_UNAVAILABLE);
            assertThatThrownBy(() -> authorize(couponed(new PaymentMethod.Card("tok"), PRICE), NOON))
                    .isInstanceOf(RefusedException.class);
        }
        refusals.clear();
        cards = step -> {
            throw new IllegalStateException("no key");
        };
        assertThatThrownBy(() -> authorize(step(false), NOON)).hasMessage("no key");
    }

    @Test
    void what_cannot_be_recorded_counts_as_perhaps_sent_only_if_the_gateway_may_have_it() throws Exception {
        refusals.put(RecordDelay.class, RefusalCode.TEMPORARILY_UNAVAILABLE);
        refusals.put(RecordDecline.class, RefusalCode.TEMPORARILY_UNAVAILABLE);
        refusals.put(RecordAuthorization.class, RefusalCode.TEMPORARILY_UNAVAILABLE);
        for (GatewayAnswer answer : List.of(new NotSent("circuit open"), new Declined("CARD_EXPIRED"))) {
            gateway.on("authorize", answer);
            assertThatThrownBy(() -> authorize(step(false), NOON)).isInstanceOf(RefusedException.class);
        }
        for (GatewayAnswer answer : List.of(new Unknown("timeout"), new Authorized(REFERENCE))) {
            gateway.on("authorize", answer);
            assertThat(authorize(step(false), NOON))
                    .isInstanceOfSatisfying(StepResult.Unresolved.class, unresolved -> assertThat(unresolved.step())
                            .isEqualTo(step(true)));
        }
    }

    @Test
    void what_was_declined_here_and_sent_by_another_run_does_not_stay_open_at_the_gateway() throws Exception {
        answers.put(InitiatePayment.class, PaymentStatus.DECLINED);
        gateway.on("find", found(Status.AUTHORIZED));
        assertThat(authorize(step(true), NOON))
                .isEqualTo(new StepResult.Instead(
                        new GiveBack(PAYMENT, "PAYMENT_STATE_CONFLICT", GatewayProgress.known(REFERENCE))));

        gateway.on("find", found(Status.DECLINED));
        assertThat(authorize(step(true), NOON)).isEqualTo(StepResult.done());
    }

    @Test
    void an_authorisation_that_the_payment_does_not_want_any_more_is_given_back() throws Exception {
        gateway.on("authorize", new Authorized(REFERENCE));
        refusals.put(RecordAuthorization.class, RefusalCode.PAYMENT_STATE_CONFLICT);

        assertThat(authorize(step(false), NOON))
                .isEqualTo(new StepResult.Instead(
                        new GiveBack(PAYMENT, "PAYMENT_STATE_CONFLICT", GatewayProgress.known(REFERENCE))));
    }

    @Test
    void a_confirmation_that_stays_refused_gives_the_money_back_and_any_other_is_tried_again() throws Exception {
        Confirm step = new Confirm(facts.reservation(), facts.performance(), PAYMENT);
        EnumSet<RefusalCode> kept = EnumSet.of(
                RefusalCode.HOLD_EXPIRED,
                RefusalCode.PERFORMANCE_CALLED_OFF,
                RefusalCode.STALE_FENCING_TOKEN,
                RefusalCode.ALREADY_CANCELLED,
                RefusalCode.PAYMENT_STATE_CONFLICT);
        for (RefusalCode refusal : RefusalCode.values()) {
            refusals.put(ConfirmReservation.class, refusal);
            if (kept.contains(refusal)) {
                assertThat(new ConfirmStep(commands).take(step))
                        .isEqualTo(new StepResult.Instead(new GiveBack(PAYMENT, refusal.name())));
            } else {
                assertThatThrownBy(() -> new ConfirmStep(commands).take(step))
                        .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.code())
                                .isEqualTo(refusal));
            }
        }
    }

    @Test
    void a_card_whose_token_was_erased_before_it_was_sent_is_declined_and_no_gateway_is_asked() throws Exception {
        cards = step -> Optional.empty();

        assertThat(authorize(step(false), NOON)).isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "PERSONAL_DATA_ERASED"));
    }

    @Test
    void a_card_whose_token_was_erased_while_it_may_be_at_the_gateway_is_declined_and_looked_for_once_more()
            throws Exception {
        cards = step -> Optional.empty();
        gateway.on("find", new Absent());

        assertThat(authorize(step(true), NOON))
                .isEqualTo(new StepResult.Again(step(true), NOON.plus(Duration.ofMinutes(5))));
        assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "PERSONAL_DATA_ERASED"));

        answers.put(InitiatePayment.class, PaymentStatus.DECLINED);
        gateway.on("find", found(Status.AUTHORIZED));
        assertThat(authorize(step(true), NOON.plus(Duration.ofMinutes(5))))
                .as("it arrived after all")
                .isEqualTo(new StepResult.Instead(
                        new GiveBack(PAYMENT, "PAYMENT_STATE_CONFLICT", GatewayProgress.known(REFERENCE))));
    }

    @Test
    void a_payment_that_the_gateway_has_goes_on_without_the_erased_token() throws Exception {
        cards = step -> Optional.empty();
        gateway.on("find", found(Status.AUTHORIZED));

        assertThat(authorize(step(true), NOON)).isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordAuthorization(PAYMENT, REFERENCE));
    }

    private StepResult capture() throws InterruptedException {
        return new CaptureStep(commands, gateway, Clock.fixed(NOON, ZoneOffset.UTC))
                .take(new Capture(PAYMENT, REFERENCE, PRICE, facts.reservation(), facts.performance()));
    }

    @Test
    void a_capture_is_recorded_only_when_it_is_known() throws Exception {
        gateway.on("capture", new Unknown("timeout")).on("capture", new NotSent("circuit open"));
        assertThat(capture()).isInstanceOf(StepResult.Unresolved.class);
        assertThat(capture()).isInstanceOf(StepResult.NotBegun.class);
        assertThat(sent).isEmpty();

        gateway.on("capture", new Settled());
        assertThat(capture()).isEqualTo(StepResult.done());
        assertThat(sent).containsExactly(new RecordCapture(PAYMENT));
    }

    @Test
    void a_capture_that_a_void_overtook_records_the_void() throws Exception {
        gateway.on("capture", new Refused("ALREADY_VOIDED")).on("find", found(Status.VOIDED));

        assertThat(capture()).isEqualTo(StepResult.done());
        assertThat(sent)
                .containsExactly(
                        new RevokeBooking(facts.reservation(), facts.performance(), PAYMENT, "ALREADY_VOIDED"),
                        new RecordVoid(PAYMENT, "ALREADY_VOIDED"));
    }

    @Test
    void a_capture_refused_for_good_takes_the_booking_back() throws Exception {
        gateway.on("capture", new Refused("AUTHORIZATION_LAPSED")).on("find", found(Status.AUTHORIZED));

        assertThat(capture()).isEqualTo(StepResult.done());
        assertThat(sent)
                .containsExactly(
                        new RevokeBooking(facts.reservation(), facts.performance(), PAYMENT, "AUTHORIZATION_LAPSED"));
    }

    private StepResult giveBack() throws InterruptedException {
        return giveBack(new GiveBack(PAYMENT, "HOLD_EXPIRED"), NOON);
    }

    private StepResult giveBack(GiveBack step, Instant now) throws InterruptedException {
        return new RefundStep(
                        commands,
                        gateway,
                        new WalletPayments(commands),
                        new CouponRedemption(commands),
                        paymentFacts(),
                        new RefundReports(commands),
                        SETTINGS,
                        Clock.fixed(now, ZoneOffset.UTC))
                .take(step);
    }

    @Test
    void money_that_is_only_authorised_is_voided() throws Exception {
        gateway.on("find", found(Status.AUTHORIZED)).on("void", new Settled());

        assertThat(giveBack()).isEqualTo(StepResult.done());
        assertThat(sent).containsExactly(new RecordVoid(PAYMENT, "HOLD_EXPIRED"), RESTORE);
    }

    @Test
    void captured_money_is_refunded() throws Exception {
        gateway.on("find", found(Status.CAPTURED)).on("refund", new Settled());

        assertThat(giveBack()).isEqualTo(StepResult.done());
        assertThat(sent).containsExactly(new RecordRefund(PAYMENT), RESTORE);
    }

    @Test
    void money_that_is_back_already_is_only_recorded() throws Exception {
        gateway.on("find", found(Status.VOIDED)).on("find", found(Status.REFUNDED));

        assertThat(giveBack()).isEqualTo(StepResult.done());
        assertThat(giveBack()).isEqualTo(StepResult.done());
        assertThat(sent)
                .containsExactly(new RecordVoid(PAYMENT, "HOLD_EXPIRED"), RESTORE, new RecordRefund(PAYMENT), RESTORE);
    }

    @Test
    void a_void_that_a_capture_overtook_is_looked_at_again() throws Exception {
        gateway.on("find", found(Status.AUTHORIZED)).on("void", new Refused("ALREADY_CAPTURED"));

        assertThat(giveBack()).isInstanceOf(StepResult.Unresolved.class);
        assertThat(sent).isEmpty();
    }

    @Test
    void money_captured_at_the_gateways_dashboard_is_refunded_and_both_are_recorded() throws Exception {
        for (Status status : List.of(Status.CAPTURED, Status.REFUNDED)) {
            sent.clear();
            refusedUntil.put(RecordRefund.class, RecordCapture.class);
            gateway.on("find", found(status));
            if (status == Status.CAPTURED) {
                gateway.on("refund", new Settled());
            }
            assertThat(giveBack()).isEqualTo(StepResult.done());
            assertThat(sent).containsExactly(new RecordCapture(PAYMENT), new RecordRefund(PAYMENT), RESTORE);
        }
    }

    @Test
    void a_payment_that_the_gateway_has_as_declined_ends_with_a_record() throws Exception {
        gateway.on("find", found(Status.DECLINED));
        assertThat(giveBack()).isEqualTo(StepResult.done());
        assertThat(sent).containsExactly(new RecordVoid(PAYMENT, "HOLD_EXPIRED"), RESTORE);
    }

    @Test
    void a_payment_recorded_as_captured_without_money_at_the_gateway_ends_with_a_record() throws Exception {
        refusals.put(RecordVoid.class, RefusalCode.PAYMENT_STATE_CONFLICT);
        for (Status status : List.of(Status.DECLINED, Status.VOIDED)) {
            sent.clear();
            gateway.on("find", found(status));
            assertThat(giveBack()).isEqualTo(StepResult.done());
            assertThat(sent).containsExactly(new RecordRefund(PAYMENT), RESTORE);
        }
    }

    @Test
    void a_payment_recorded_as_declined_stays_so_whatever_is_returned() throws Exception {
        for (Class<?> recording : List.of(RecordVoid.class, RecordRefund.class, RecordCapture.class)) {
            refusals.put(recording, RefusalCode.PAYMENT_STATE_CONFLICT);
        }
        for (Status status : List.of(Status.DECLINED, Status.VOIDED, Status.REFUNDED)) {
            sent.clear();
            gateway.on("find", found(status));
            assertThat(giveBack()).isEqualTo(StepResult.done());
            assertThat(sent).containsExactly(RESTORE);
        }
    }

    @Test
    void nothing_is_recorded_about_money_whose_whereabouts_are_unknown() throws Exception {
        gateway.on("find", new Unknown("timeout"))
                .on("find", new Absent())
                .on("find", new NotSent("circuit open"))
                .on("find", found(Status.CAPTURED))
                .on("refund", new Unknown("timeout"));

        assertThat(giveBack()).isInstanceOf(StepResult.Unresolved.class);
        assertThat(giveBack()).isInstanceOf(StepResult.Unresolved.class);
        assertThat(giveBack()).isInstanceOf(StepResult.NotBegun.class);
        assertThat(giveBack()).isInstanceOf(StepResult.Unresolved.class);
        assertThat(sent).isEmpty();
    }

    private static GatewayProgress progress(int attempt, boolean waitsForBuyer) {
        return new GatewayProgress(attempt, REFERENCE, waitsForBuyer, null, null);
    }

    private static GatewayAnswer.Refund refund(RefundStatus status) {
        return new GatewayAnswer.Refund("re_1", PRICE, status, null, true);
    }

    private static Found found(Status status, GatewayAnswer.Refund... refunds) {
        return new Found(REFERENCE, status, PRICE, "CARD_DECLINED", "secret", List.of(refunds));
    }

    @Test
    void after_a_500_the_gateway_is_looked_at_before_a_new_key_is_used() throws Exception {
        gateway.on("authorize", new Unknown("HTTP 500", REFERENCE, true));
        Authorize next = step(true).with(progress(1, false));
        assertThat(authorize(step(false), NOON)).isEqualTo(new StepResult.Unresolved(next, "HTTP 500"));

        gateway.on("find", found(Status.UNCONFIRMED)).on("authorize", new Authorized(REFERENCE));
        assertThat(authorize(next, NOON)).isEqualTo(StepResult.done());
        assertThat(gateway.lookups.getLast().gatewayReference()).isEqualTo(REFERENCE);
        assertThat(gateway.authorizations.getLast().attempt()).isEqualTo(1);
        assertThat(gateway.authorizations.getLast().gatewayReference()).isEqualTo(REFERENCE);
    }

    @Test
    void what_was_never_confirmed_until_its_time_is_over_is_ended_at_the_gateway_and_declined() throws Exception {
        gateway.on("find", found(Status.UNCONFIRMED)).on("void", new Settled());
        assertThat(authorize(step(true), NOON.plus(Duration.ofMinutes(2)))).isInstanceOf(StepResult.Again.class);
        assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "GATEWAY_UNAVAILABLE"));
    }

    @Test
    void a_configuration_error_is_no_decline_and_the_payment_goes_on_under_a_new_key() throws Exception {
        gateway.on("authorize", new Misconfigured("HTTP 401"));
        Authorize next = step(false).with(new GatewayProgress(1, null, false, null, null));
        assertThat(authorize(step(false), NOON)).isEqualTo(new StepResult.Unresolved(next, "HTTP 401"));
        assertThat(sentAfterInitiating()).containsExactly(new RecordDelay(PAYMENT, "GATEWAY_MISCONFIGURED"));

        sent.clear();
        gateway.on("authorize", new Authorized(REFERENCE));
        assertThat(authorize(next, NOON)).isEqualTo(StepResult.done());
        assertThat(gateway.authorizations.getLast().attempt()).isEqualTo(1);
    }

    @Test
    void a_configuration_error_until_the_payments_time_is_over_ends_its_wait() throws Exception {
        assertThat(authorize(
                        step(false).with(new GatewayProgress(7, null, false, null, null)),
                        NOON.plus(Duration.ofMinutes(2))))
                .isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "GATEWAY_UNAVAILABLE"));
    }

    @Test
    void a_configuration_error_takes_no_booking_back_and_returns_nothing() throws Exception {
        gateway.on("capture", new Misconfigured("HTTP 403"))
                .on("find", new Misconfigured("HTTP 403"))
                .on("find", found(Status.CAPTURED))
                .on("refund", new Misconfigured("HTTP 403"));
        assertThat(capture()).isInstanceOf(StepResult.Unresolved.class);
        assertThat(giveBack()).isInstanceOf(StepResult.Unresolved.class);
        assertThat(giveBack()).isInstanceOf(StepResult.Unresolved.class);
        assertThat(sent).isEmpty();
    }

    @Test
    void a_buyer_whom_the_bank_asks_gets_the_secret_once_and_the_step_sleeps() throws Exception {
        gateway.on("authorize", new ActionRequired(REFERENCE, "secret"));
        Authorize waiting = step(true).with(progress(0, true));
        assertThat(authorize(step(false), NOON))
                .isEqualTo(new StepResult.Again(waiting, NOON.plus(SETTINGS.actionPollInterval())));
        assertThat(sentAfterInitiating())
                .containsExactly(new RecordActionRequired(PAYMENT, REFERENCE, SealedText.of("opd1.x.secret")));

        sent.clear();
        answers.put(InitiatePayment.class, PaymentStatus.ACTION_REQUIRED);
        gateway.on("find", new Found(REFERENCE, Status.ACTION_REQUIRED, PRICE, "", "secret", List.of()));
        Instant nearlyOver = NOON.plus(Duration.ofMinutes(2)).minusSeconds(1);
        assertThat(authorize(waiting, nearlyOver))
                .as("looked at again when its time is over at the latest")
                .isEqualTo(new StepResult.Again(waiting, waiting.payBefore()));
        assertThat(sentAfterInitiating()).isEmpty();
    }

    /** The run that told the buyer the secret ended before its step was written back: the step knows nothing of it. */
    @Test
    void a_payment_recorded_as_waiting_for_its_buyer_is_ended_at_the_gateway_first_whatever_its_step_knows()
            throws Exception {
        clientSecretWasTold = true;
        answers.put(InitiatePayment.class, PaymentStatus.ACTION_REQUIRED);
        Instant late = step(true).payBefore();
        for (Authorize forgetful : List.of(step(false), step(true), step(true).with(progress(0, false)))) {
            sent.clear();
            gateway.on("find", found(Status.DECLINED)).on("void", new Settled());
            assertThat(authorize(forgetful, NOON)).isEqualTo(StepResult.done());
            assertThat(gateway.lookups.getLast().gatewayReference()).isEqualTo(REFERENCE);
            assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "CARD_DECLINED"));

            sent.clear();
            gateway.on("find", found(Status.ACTION_REQUIRED)).on("void", new Settled());
            assertThat(authorize(forgetful, late)).isEqualTo(StepResult.done());
            assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "AUTHENTICATION_TIMED_OUT"));

            sent.clear();
            gateway.on("find", found(Status.UNCONFIRMED))
                    .on("authorize", new Declined("CARD_EXPIRED"))
                    .on("void", new Settled());
            assertThat(authorize(forgetful, NOON)).isEqualTo(StepResult.done());
            assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "CARD_EXPIRED"));

            sent.clear();
            gateway.on("find", found(Status.DECLINED)).on("void", new NotSent("circuit open"));
            assertThat(authorize(forgetful, NOON)).isInstanceOf(StepResult.NotBegun.class);
            assertThat(sentAfterInitiating()).isEmpty();

            gateway.on("find", found(Status.AUTHORIZED));
            assertThat(authorize(forgetful, NOON)).isEqualTo(StepResult.done());
            assertThat(sent.getLast()).isEqualTo(new RecordAuthorization(PAYMENT, REFERENCE));
        }
    }

    @Test
    void a_coupon_that_fails_while_the_buyer_authenticates_ends_the_payment_at_the_gateway_first() throws Exception {
        clientSecretWasTold = true;
        answers.put(InitiatePayment.class, PaymentStatus.ACTION_REQUIRED);
        refusals.put(RedeemCoupon.class, RefusalCode.COUPON_REDEEMED);
        gateway.on("void", new Settled());
        authorize(couponed(new PaymentMethod.Card("tok"), PRICE), NOON);
        assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "COUPON_REDEEMED"), RESTORE);
    }

    @Test
    void a_creation_whose_answer_was_lost_is_looked_for_by_a_repeat_under_its_key() throws Exception {
        gateway.on("authorize", new Unknown("timeout"));
        Authorize lost = (Authorize) ((StepResult.Unresolved) authorize(step(false), NOON)).step();
        gateway.on("find", new Unknown("timeout"));
        authorize(lost, NOON);
        assertThat(repeatedAttempt()).isZero();

        gateway.on("find", new Unknown("HTTP 500", null, true));
        Authorize spent = (Authorize) ((StepResult.Unresolved) authorize(lost, NOON)).step();
        gateway.on("find", new Absent()).on("authorize", new Unknown("timeout"));
        Authorize again = (Authorize) ((StepResult.Unresolved) authorize(spent, NOON)).step();
        assertThat(gateway.lookups.getLast().request())
                .as("a key that is used up is not repeated, and the next one was not used")
                .isNull();

        gateway.on("find", new Unknown("timeout"));
        authorize(again, NOON);
        assertThat(repeatedAttempt()).isEqualTo(1);
    }

    private int repeatedAttempt() {
        AuthorizationRequest repeated = gateway.lookups.getLast().request();
        assertThat(repeated).isNotNull();
        assertThat(repeated.amount()).isEqualTo(PRICE);
        return repeated.attempt();
    }

    @Test
    void a_creation_is_repeated_only_while_the_gateway_keeps_its_key_and_only_with_the_same_card() throws Exception {
        Instant payBefore = step(true).payBefore();
        for (Instant now :
                List.of(payBefore, payBefore.plus(Duration.ofHours(12)).minusMillis(1))) {
            gateway.on("find", new Unknown("timeout"));
            authorize(step(true), now);
            assertThat(repeatedAttempt()).isZero();
        }
        gateway.on("find", new Unknown("timeout"));
        authorize(step(true), payBefore.plus(Duration.ofHours(12)));
        assertThat(gateway.lookups.getLast().request()).isNull();

        gateway.on("find", new Unknown("timeout"));
        authorize(step(true).with(progress(0, false)), NOON);
        assertThat(gateway.lookups.getLast().request()).as("its id is known").isNull();

        cards = step -> Optional.empty();
        gateway.on("find", new Unknown("timeout"));
        authorize(step(true), NOON);
        assertThat(gateway.lookups.getLast().request()).as("erased").isNull();
    }

    @Test
    void a_gateway_that_asks_for_fewer_calls_is_left_alone_for_as_long_and_nothing_is_declined() throws Exception {
        Duration asked = Duration.ofSeconds(7);
        gateway.on("authorize", new NotSent("HTTP 429", asked, false));
        assertThat(authorize(step(false), NOON)).isEqualTo(new StepResult.NotBegun(step(false), "HTTP 429", asked));
        gateway.on("find", new NotSent("HTTP 429", asked, false));
        assertThat(authorize(step(true), NOON)).isEqualTo(new StepResult.NotBegun(step(true), "HTTP 429", asked));
        gateway.on("capture", new NotSent("HTTP 429", asked, false));
        assertThat(capture()).isInstanceOfSatisfying(StepResult.NotBegun.class, told -> assertThat(told.retryAfter())
                .isEqualTo(asked));
        gateway.on("find", new NotSent("HTTP 429", asked, false));
        assertThat(giveBack()).isInstanceOfSatisfying(StepResult.NotBegun.class, told -> assertThat(told.retryAfter())
                .isEqualTo(asked));
        assertThat(sent).noneMatch(RecordDecline.class::isInstance);
    }

    @Test
    void a_long_pause_does_not_reach_beyond_the_end_of_the_payment() throws Exception {
        gateway.on("authorize", new NotSent("HTTP 429", Duration.ofHours(1), false));
        assertThat(authorize(step(false), NOON.plusSeconds(90)))
                .isEqualTo(new StepResult.NotBegun(step(false), "HTTP 429", Duration.ofSeconds(30)));
    }

    @Test
    void after_the_end_of_the_payment_a_pause_is_no_longer_than_between_other_retries() throws Exception {
        Authorize waiting = step(true).with(progress(0, true));
        for (Map.Entry<Duration, Duration> pause : Map.of(
                        Duration.ofHours(1), SETTINGS.retryAfterMax(), Duration.ofSeconds(7), Duration.ofSeconds(7))
                .entrySet()) {
            NotSent limited = new NotSent("HTTP 429", pause.getKey(), false);
            gateway.on("find", limited);
            assertThat(authorize(step(true), NOON.plus(Duration.ofMinutes(3))))
                    .isEqualTo(new StepResult.NotBegun(step(true), "HTTP 429", pause.getValue()));
            gateway.on("find", found(Status.ACTION_REQUIRED)).on("void", limited);
            assertThat(authorize(waiting, NOON.plus(Duration.ofMinutes(3))))
                    .isEqualTo(new StepResult.NotBegun(waiting, "HTTP 429", pause.getValue()));
        }
    }

    @Test
    void an_error_in_the_call_to_the_gateway_is_handed_on_and_the_request_counts_as_perhaps_sent() throws Exception {
        Error error = new NoClassDefFoundError("a class is missing");
        gateway.broken = error;
        assertThat(authorize(step(false), NOON)).isEqualTo(StepResult.Unresolved.failed(step(true), error));
    }

    @Test
    void an_authentication_that_succeeds_authorises_the_payment() throws Exception {
        answers.put(InitiatePayment.class, PaymentStatus.ACTION_REQUIRED);
        gateway.on("find", found(Status.AUTHORIZED));
        assertThat(authorize(step(true).with(progress(0, true)), NOON)).isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordAuthorization(PAYMENT, REFERENCE));
    }

    @Test
    void an_authentication_that_fails_or_comes_too_late_is_ended_at_the_gateway_first() throws Exception {
        answers.put(InitiatePayment.class, PaymentStatus.ACTION_REQUIRED);
        Authorize waiting = step(true).with(progress(0, true));
        gateway.on("find", found(Status.DECLINED)).on("void", new Settled());
        assertThat(authorize(waiting, NOON)).isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "CARD_DECLINED"));

        sent.clear();
        gateway.on("find", found(Status.ACTION_REQUIRED)).on("void", new Settled());
        assertThat(authorize(waiting, waiting.payBefore())).isEqualTo(StepResult.done());
        assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "AUTHENTICATION_TIMED_OUT"));

        sent.clear();
        gateway.on("find", found(Status.ACTION_REQUIRED)).on("void", new Refused("it was authenticated just now"));
        assertThat(authorize(waiting, waiting.payBefore()))
                .isEqualTo(StepResult.Unresolved.unexpected(
                        waiting, "the gateway refuses to void it: it was authenticated just now"));
        assertThat(sentAfterInitiating()).isEmpty();
    }

    @Test
    void a_payment_given_up_at_the_dashboard_is_declined_and_not_authorised() throws Exception {
        for (Status status : List.of(Status.VOIDED, Status.REFUND_PENDING, Status.REFUNDED)) {
            sent.clear();
            gateway.on("find", found(status));
            assertThat(authorize(step(true), NOON)).isEqualTo(StepResult.done());
            assertThat(sentAfterInitiating()).containsExactly(new RecordDecline(PAYMENT, "CANCELLED_AT_GATEWAY"));
        }
    }

    @Test
    void a_capture_after_a_500_looks_first_and_uses_a_new_key() throws Exception {
        gateway.on("capture", new Unknown("HTTP 500", null, true));
        Capture first = new Capture(PAYMENT, REFERENCE, PRICE, facts.reservation(), facts.performance());
        Capture next = first.with(new GatewayProgress(1, null, false, null, null));
        assertThat(capture()).isEqualTo(new StepResult.Unresolved(next, "HTTP 500"));

        gateway.on("find", found(Status.AUTHORIZED)).on("capture", new Settled());
        CaptureStep capturing = new CaptureStep(commands, gateway, Clock.fixed(NOON, ZoneOffset.UTC));
        assertThat(capturing.take(next)).isEqualTo(StepResult.done());
        assertThat(gateway.attempts).containsExactly(0, 1);

        gateway.on("find", found(Status.CAPTURED));
        assertThat(capturing.take(next)).isEqualTo(StepResult.done());
        assertThat(sent).containsExactly(new RecordCapture(PAYMENT), new RecordCapture(PAYMENT));
    }

    @Test
    void a_refund_under_way_is_recorded_and_followed_to_its_end() throws Exception {
        gateway.on("find", found(Status.CAPTURED)).on("refund", new UnderWay("re_1"));
        assertThat(giveBack())
                .isEqualTo(new StepResult.Again(
                        new GiveBack(PAYMENT, "HOLD_EXPIRED"), NOON.plus(SETTINGS.refundPollInterval())));
        gateway.on("find", found(Status.REFUND_PENDING, refund(RefundStatus.REQUIRES_ACTION)));
        assertThat(giveBack()).isInstanceOf(StepResult.Again.class);
        gateway.on("find", found(Status.REFUNDED, refund(RefundStatus.SUCCEEDED)));
        assertThat(giveBack()).isEqualTo(StepResult.done());
        assertThat(sent)
                .containsExactly(
                        new RecordRefundReport(PAYMENT, "re_1", PRICE, RefundStatus.PENDING, null),
                        new RecordRefundReport(PAYMENT, "re_1", PRICE, RefundStatus.REQUIRES_ACTION, null),
                        new RecordRefundReport(PAYMENT, "re_1", PRICE, RefundStatus.SUCCEEDED, null),
                        new RecordRefund(PAYMENT),
                        RESTORE);
    }

    @Test
    void a_refund_that_failed_is_recorded_and_not_asked_for_again() throws Exception {
        for (RefundStatus end : List.of(RefundStatus.FAILED, RefundStatus.CANCELED)) {
            sent.clear();
            gateway.on("find", found(Status.CAPTURED, refund(end)));
            assertThat(giveBack()).isEqualTo(StepResult.done());
            assertThat(sent).contains(new RecordRefundReport(PAYMENT, "re_1", PRICE, end, null));
            assertThat(sent).noneMatch(RecordRefund.class::isInstance);
        }
    }

    @Test
    void a_refund_that_is_refused_is_looked_at_again_and_then_left_to_a_person() throws Exception {
        GiveBack first = new GiveBack(PAYMENT, "HOLD_EXPIRED");
        GiveBack refused = first.with(
                new GatewayProgress(0, null, false, null, null).at(REFERENCE).refused("charge_disputed"));
        gateway.on("find", found(Status.CAPTURED)).on("refund", new Refused("charge_disputed"));
        assertThat(giveBack(first, NOON))
                .isEqualTo(StepResult.Unresolved.unexpected(
                        refused, "the gateway refuses to give it back: charge_disputed"));
        assertThat(sent).isEmpty();
        gateway.on("find", found(Status.CAPTURED));
        assertThat(giveBack(refused, NOON)).isEqualTo(StepResult.done());
        assertThat(sent).noneMatch(RecordRefund.class::isInstance).contains(RESTORE);
    }

    @Test
    void a_failed_refund_of_somebody_else_does_not_keep_ours_from_being_made() throws Exception {
        GatewayAnswer.Refund theirs = new GatewayAnswer.Refund("re_9", PRICE, RefundStatus.FAILED, null, false);
        gateway.on("find", found(Status.CAPTURED, theirs)).on("refund", new Settled());
        assertThat(giveBack()).isEqualTo(StepResult.done());
        assertThat(sent).contains(new RecordRefund(PAYMENT));
    }

    @Test
    void a_payment_that_the_gateway_does_not_know_for_long_enough_ends_with_a_record() throws Exception {
        GiveBack first = new GiveBack(PAYMENT, "HOLD_EXPIRED");
        GiveBack absent = first.with(new GatewayProgress(0, null, false, NOON, null));
        gateway.on("find", new Absent());
        assertThat(giveBack(first, NOON))
                .isEqualTo(StepResult.Unresolved.unexpected(absent, "the gateway does not know the payment"));
        gateway.on("find", new Absent());
        assertThat(giveBack(absent, NOON.plus(Duration.ofMinutes(5)).minusMillis(1)))
                .isInstanceOf(StepResult.Unresolved.class);
        assertThat(sent).isEmpty();
        gateway.on("find", new Absent());
        assertThat(giveBack(absent, NOON.plus(Duration.ofMinutes(5)))).isEqualTo(StepResult.done());
        assertThat(sent).containsExactly(new RecordVoid(PAYMENT, "HOLD_EXPIRED"), RESTORE);
    }
}
