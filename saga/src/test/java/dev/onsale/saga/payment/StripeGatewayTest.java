package dev.onsale.saga.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.saga.payment.GatewayAnswer.Absent;
import dev.onsale.saga.payment.GatewayAnswer.ActionRequired;
import dev.onsale.saga.payment.GatewayAnswer.Authorized;
import dev.onsale.saga.payment.GatewayAnswer.Declined;
import dev.onsale.saga.payment.GatewayAnswer.Foreign;
import dev.onsale.saga.payment.GatewayAnswer.Found;
import dev.onsale.saga.payment.GatewayAnswer.Identified;
import dev.onsale.saga.payment.GatewayAnswer.Misconfigured;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Refused;
import dev.onsale.saga.payment.GatewayAnswer.Settled;
import dev.onsale.saga.payment.GatewayAnswer.Status;
import dev.onsale.saga.payment.GatewayAnswer.UnderWay;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import dev.onsale.testsupport.stripe.StripeBooks;
import dev.onsale.testsupport.stripe.StripeServer;
import dev.onsale.testsupport.stripe.StripeServer.Fault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

class StripeGatewayTest {

    private static final Money PRICE = Money.of(4_900, "EUR");
    private static final PaymentMethod VISA = new PaymentMethod.Card("pm_card_visa");

    private final PaymentId payment = PaymentId.next();
    private final StripeServer stripe;
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private PaymentGateway gateway;

    StripeGatewayTest() throws IOException {
        stripe = new StripeServer();
        TestPropertyValues.of(
                        "onsale.payment.provider=stripe",
                        "onsale.payment.base-url=" + stripe.baseUri(),
                        "onsale.payment.secret-key=" + StripeServer.SECRET,
                        "onsale.payment.circuit-calls-counted=100",
                        "onsale.payment.read-timeout=PT2S")
                .applyTo(context);
        context.register(PaymentGatewayConfiguration.class);
        context.refresh();
        gateway = context.getBean(PaymentGateway.class);
    }

    @AfterEach
    void close() {
        context.close();
        stripe.close();
    }

    @BeforeEach
    void nothing_was_asked_yet() {
        assertThat(stripe.requests).isEmpty();
    }

    private GatewayAnswer.ToAuthorize authorize(Money amount, PaymentMethod method) throws InterruptedException {
        return gateway.authorize(AuthorizationRequest.first(payment, amount, method));
    }

    private GatewayAnswer.ToAuthorize authorizeAgain(Unknown unknown) throws InterruptedException {
        return gateway.authorize(new AuthorizationRequest(
                payment, PRICE, VISA, unknown.isKeySpent() ? 1 : 0, unknown.gatewayReference()));
    }

    private String authorized() throws InterruptedException {
        return ((Authorized) authorize(PRICE, VISA)).gatewayReference();
    }

    private GatewayAnswer.ToFind find(@Nullable String reference) throws InterruptedException {
        return gateway.find(new PaymentLookup(payment, Instant.ofEpochSecond(1_800_000_000L), reference));
    }

    /** As a step asks after a lost answer. */
    private GatewayAnswer.ToFind findByRepeat(int attempt) throws InterruptedException {
        return gateway.find(new PaymentLookup(
                payment,
                Instant.ofEpochSecond(1_800_000_000L),
                null,
                new AuthorizationRequest(payment, PRICE, VISA, attempt, null)));
    }

    private Status status(String reference) throws InterruptedException {
        return ((Found) find(reference)).status();
    }

    @Test
    void an_amount_is_reserved_once_whatever_is_repeated_and_then_captured_and_refunded_once() throws Exception {
        String reference = authorized();
        assertThat(authorized()).isEqualTo(reference);
        assertThat(stripe.books.intents()).hasSize(1);
        assertThat(stripe.requests.getFirst())
                .startsWith("POST /payment_intents {")
                .contains(
                        "amount=4900",
                        "currency=eur",
                        "payment_method=pm_card_visa",
                        "capture_method=manual",
                        "metadata[onsale_payment_id]=" + payment);
        assertThat(status(reference)).isEqualTo(Status.AUTHORIZED);
        assertThat(((Found) find(null)).gatewayReference())
                .as("listed by its metadata")
                .isEqualTo(reference);

        assertThat(gateway.capture(payment, reference, PRICE, 0)).isEqualTo(new Settled());
        assertThat(gateway.capture(payment, reference, PRICE, 0)).isEqualTo(new Settled());
        assertThat(gateway.capture(payment, reference, PRICE, 1))
                .as("under another key")
                .isEqualTo(new Settled());
        assertThat(status(reference)).isEqualTo(Status.CAPTURED);
        assertThat(gateway.voidAuthorization(payment, reference, 0))
                .isEqualTo(new Refused("payment_intent_unexpected_state"));
        assertThat(gateway.refund(payment, reference, PRICE, 0)).isEqualTo(new Settled());
        assertThat(gateway.refund(payment, reference, PRICE, 0)).isEqualTo(new Settled());
        assertThat(gateway.refund(payment, reference, PRICE, 1)).isEqualTo(new Refused("charge_already_refunded"));
        assertThat(status(reference)).isEqualTo(Status.REFUNDED);
        assertThat(stripe.books.kept()).isZero();
        assertThat(stripe.requests).noneMatch(request -> request.contains("/search"));
    }

    @Test
    void a_void_gives_the_reservation_up() throws Exception {
        String reference = authorized();
        assertThat(gateway.voidAuthorization(payment, reference, 0)).isEqualTo(new Settled());
        assertThat(gateway.voidAuthorization(payment, reference, 1)).isEqualTo(new Settled());
        assertThat(status(reference)).isEqualTo(Status.VOIDED);
        assertThat(gateway.capture(payment, reference, PRICE, 0))
                .isEqualTo(new Refused("payment_intent_unexpected_state"));
    }

    @Test
    void the_reason_of_the_buyers_bank_or_card_is_a_decline() throws Exception {
        assertThat(authorize(PRICE, new PaymentMethod.Card(StripeBooks.CARD_DECLINED)))
                .isEqualTo(new Declined("INSUFFICIENT_FUNDS"));
        assertThat(gateway.authorize(
                        AuthorizationRequest.first(PaymentId.next(), PRICE, new PaymentMethod.Card("no-such-card"))))
                .isEqualTo(new Declined("RESOURCE_MISSING"));
    }

    @ParameterizedTest
    @CsvSource({
        "EUR, 4900, 4900",
        "BIF, 4950, 4950",
        "CLP, 4950, 4950",
        "DJF, 4950, 4950",
        "GNF, 4950, 4950",
        "JPY, 4950, 4950",
        "KMF, 4950, 4950",
        "KRW, 4950, 4950",
        "MGA, 495000, 4950",
        "PYG, 4950, 4950",
        "RWF, 4950, 4950",
        "VND, 4950, 4950",
        "VUV, 4950, 4950",
        "XAF, 4950, 4950",
        "XOF, 4950, 4950",
        "XPF, 4950, 4950",
        "ISK, 4950, 495000",
        "UGX, 4950, 495000",
        "BHD, 4950, 4950",
        "JOD, 4950, 4950",
        "KWD, 4950, 4950",
        "OMR, 4950, 4950",
        "TND, 4950, 4950",
        "HUF, 4950, 4950",
        "TWD, 4950, 4950"
    })
    void an_amount_is_told_in_stripes_own_unit_and_read_back(String currency, long minorUnits, long atStripe)
            throws Exception {
        Money amount = Money.of(minorUnits, currency);
        String reference = ((Authorized) authorize(amount, VISA)).gatewayReference();
        assertThat(stripe.requests.getFirst()).contains("amount=" + atStripe + ",");
        assertThat(gateway.capture(payment, reference, amount, 0)).isEqualTo(new Settled());
        assertThat(stripe.requests.getLast()).contains("amount_to_capture=" + atStripe + "}");
        assertThat(((Found) find(reference)).amount()).isEqualTo(amount);
    }

    @ParameterizedTest
    @CsvSource({"KWD, 4951", "BHD, 1", "TND, 10009", "MGA, 4951"})
    void an_amount_that_stripe_cannot_move_is_never_sent(String currency, long minorUnits) throws Exception {
        assertThat(authorize(Money.of(minorUnits, currency), VISA)).isEqualTo(new Declined("AMOUNT_NOT_SUPPORTED"));
        assertThat(stripe.requests).isEmpty();
    }

    @Test
    void a_lost_connection_is_asked_again_under_the_same_key() throws Exception {
        stripe.next(Fault.LOSES_THE_ANSWER);
        Unknown lost = (Unknown) authorize(PRICE, VISA);
        assertThat(lost.isKeySpent()).isFalse();
        assertThat(authorizeAgain(lost)).isInstanceOf(Authorized.class);
        assertThat(stripe.books.intents()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOSES_THE_ANSWER", "LOSES_THE_REQUEST"})
    void an_intent_whose_id_was_lost_is_named_by_a_repeat_of_its_creation_and_no_list_is_read(Fault fault)
            throws Exception {
        stripe.next(fault);
        assertThat(authorize(PRICE, VISA)).isInstanceOf(Unknown.class);
        for (int i = 0; i < 2; i++) {
            Found found = (Found) findByRepeat(0);
            assertThat(found.gatewayReference()).isEqualTo("pi_1");
            assertThat(found.status()).isEqualTo(Status.UNCONFIRMED);
        }
        assertThat(stripe.books.intents()).hasSize(1);
        assertThat(stripe.books.withMoney()).isZero();
        assertThat(gateway.authorize(new AuthorizationRequest(payment, PRICE, VISA, 0, "pi_1")))
                .isEqualTo(new Authorized("pi_1"));
        assertThat(stripe.books.withMoney()).isEqualTo(1);
        assertThat(stripe.requests).noneMatch(request -> request.startsWith("GET /payment_intents {"));
    }

    @Test
    void a_repeated_creation_finds_the_money_of_a_run_that_ended_before_it_was_written_back() throws Exception {
        String reference = authorized();
        Found found = (Found) findByRepeat(0);
        assertThat(found.gatewayReference()).isEqualTo(reference);
        assertThat(found.status()).isEqualTo(Status.AUTHORIZED);
        assertThat(stripe.books.withMoney()).isEqualTo(1);
    }

    @Test
    void a_repeated_creation_tells_that_its_key_is_used_up_or_that_there_is_no_intent() throws Exception {
        stripe.next(Fault.FAILS);
        authorize(PRICE, VISA);
        assertThat(findByRepeat(0)).isInstanceOfSatisfying(Unknown.class, unknown -> assertThat(unknown.isKeySpent())
                .isTrue());
        assertThat(((Found) findByRepeat(1)).gatewayReference()).isEqualTo("pi_1");
        assertThat(gateway.find(new PaymentLookup(
                        payment,
                        Instant.ofEpochSecond(1_800_000_000L),
                        null,
                        new AuthorizationRequest(payment, PRICE, new PaymentMethod.Card("no-such-card"), 2, null))))
                .isEqualTo(new Absent());
        stripe.refuseAllWith(401);
        assertThat(findByRepeat(3)).isInstanceOf(Misconfigured.class);
        stripe.refuseAllWith(429);
        assertThat(findByRepeat(3)).isInstanceOf(NotSent.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // What a buyer can cause, such as with a token that Stripe cannot read.
                "400, -, -, Something is wrong, DECLINED",
                "400, parameter_unknown, -, Received unknown parameter, DECLINED",
                "400, parameter_invalid_empty, payment_method, You passed an empty string, DECLINED",
                "400, a_code_of_next_year, -, Something is wrong, DECLINED",
                "400, a_code_of_next_year, payment_method_data[card][token], Something is wrong, DECLINED",
                "400, parameter_missing, payment_method, Missing required param, DECLINED",
                "400, parameter_unknown, payment_method_data[x], Received unknown parameter, DECLINED",
                "400, parameter_invalid_empty, source, You passed an empty string, DECLINED",
                "400, -, card[exp_month], Your card's expiration month is invalid, DECLINED",
                "400, -, token, Invalid token, DECLINED",
                "400, -, customer, The PaymentMethod belongs to a customer, DECLINED",
                "400, payment_intent_incompatible_payment_method, payment_method_types, Not a card, DECLINED",
                "400, livemode_mismatch, payment_method, A PaymentMethod of test mode, DECLINED",
                "404, resource_missing, payment_method, No such PaymentMethod, DECLINED",
                "400, account_closed, -, The bank account was closed, DECLINED",
                "400, account_number_invalid, -, The bank account number is invalid, DECLINED",
                "400, amount_too_small, amount, Amount must be at least 50 cents, DECLINED",
                "402, card_declined, -, Your card was declined, DECLINED",
                // What Onsale or its operator set.
                "400, parameter_invalid_integer, amount, Invalid integer, MISCONFIGURED",
                "400, parameter_unknown, capture_method, Invalid capture_method, MISCONFIGURED",
                "400, parameter_unknown, a_param_of_next_year, Received unknown parameter, MISCONFIGURED",
                "400, parameter_missing, return_url, Missing required param, MISCONFIGURED",
                "400, a_code_of_next_year, a_param_of_next_year, Something is wrong, MISCONFIGURED",
                "400, livemode_mismatch, -, A key of test mode was used in live mode, MISCONFIGURED",
                "400, payment_method_unactivated, -, Activate the payment method in the Dashboard, MISCONFIGURED",
                "400, payment_method_unactivated, payment_method, Activate it in the Dashboard, MISCONFIGURED",
                "400, payment_method_unactivated, payment_method_types, Activate it, MISCONFIGURED",
                "400, -, currency, Invalid currency: xxx, MISCONFIGURED",
                "400, -, metadata[onsale_payment_id], Too long, MISCONFIGURED",
                "400, -, payment_method_types[0], The payment method type is invalid, MISCONFIGURED",
                "400, -, -, Invalid Stripe API version: 2099-01-01, MISCONFIGURED",
                "400, account_country_invalid_address, -, The account, MISCONFIGURED",
                "400, account_invalid, -, The account header, MISCONFIGURED",
                "400, testmode_charges_only, -, Your account, MISCONFIGURED",
                "401, -, -, Invalid API Key provided, MISCONFIGURED",
                "403, -, -, The key does not have the required permissions, MISCONFIGURED",
            })
    void only_what_clearly_concerns_the_operator_keeps_an_authorisation_waiting(
            int status, @Nullable String code, @Nullable String param, String message, String meaning)
            throws Exception {
        String type = status == 402 ? "card_error" : "invalid_request_error";
        stripe.refuseNext(status, type, code, param, message);
        assertThat(authorize(PRICE, VISA))
                .isInstanceOf(meaning.equals("DECLINED") ? Declined.class : Misconfigured.class);
        assertThat(authorize(PRICE, VISA)).as("the next one").isInstanceOf(Authorized.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, 0", "3, 3", "0, 0", "nonsense, 0", "99999, 3600"})
    void a_rate_limit_is_never_a_decline_and_tells_how_long_to_wait(@Nullable String header, long seconds)
            throws Exception {
        String reference = authorized();
        stripe.askForPauses(header);
        stripe.refuseAllWith(429);
        for (GatewayAnswer answer : List.of(
                gateway.authorize(AuthorizationRequest.first(PaymentId.next(), PRICE, VISA)),
                gateway.capture(payment, reference, PRICE, 0),
                gateway.voidAuthorization(payment, reference, 0),
                gateway.refund(payment, reference, PRICE, 0),
                find(reference),
                find(null),
                gateway.identify(reference),
                gateway.dispute("dp_1"))) {
            assertThat(answer).isInstanceOfSatisfying(NotSent.class, notSent -> {
                assertThat(notSent.retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
                assertThat(notSent.isOwn()).isFalse();
            });
        }
        stripe.refuseAllWith(0);
        assertThat(gateway.capture(payment, reference, PRICE, 0)).isEqualTo(new Settled());
    }

    @Test
    void a_confirmation_whose_answer_was_lost_is_found_by_its_id() throws Exception {
        stripe.next(Fault.NONE, Fault.LOSES_THE_ANSWER);
        Unknown lost = (Unknown) authorize(PRICE, VISA);
        assertThat(lost.gatewayReference()).isEqualTo("pi_1");
        assertThat(status("pi_1")).isEqualTo(Status.AUTHORIZED);
        assertThat(authorizeAgain(lost)).isEqualTo(new Authorized("pi_1"));
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILS", "FAILS_AFTERWARDS"})
    void a_500_is_repeated_under_its_key_and_a_look_and_a_new_key_lead_on(Fault fault) throws Exception {
        stripe.next(fault);
        Unknown failed = (Unknown) authorize(PRICE, VISA);
        assertThat(failed.isKeySpent()).isTrue();
        assertThat(authorize(PRICE, VISA)).as("the stored answer").isInstanceOf(Unknown.class);
        assertThat(stripe.books.withMoney()).isZero();

        GatewayAnswer.ToFind looked = find(null);
        String known = looked instanceof Found found ? found.gatewayReference() : null;
        assertThat(looked instanceof Found).isEqualTo(fault == Fault.FAILS_AFTERWARDS);
        assertThat(gateway.authorize(new AuthorizationRequest(payment, PRICE, VISA, 1, known)))
                .isEqualTo(new Authorized("pi_1"));
        assertThat(stripe.books.withMoney()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILS", "FAILS_AFTERWARDS"})
    void a_500_of_a_confirmation_reserves_the_amount_once(Fault fault) throws Exception {
        stripe.next(Fault.NONE, fault);
        Unknown failed = (Unknown) authorize(PRICE, VISA);
        assertThat(failed).isEqualTo(new Unknown(failed.detail(), "pi_1", true));
        assertThat(status("pi_1")).isEqualTo(fault == Fault.FAILS ? Status.UNCONFIRMED : Status.AUTHORIZED);
        assertThat(authorizeAgain(failed)).isEqualTo(new Authorized("pi_1"));
        assertThat(stripe.books.withMoney()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILS", "FAILS_AFTERWARDS"})
    void a_500_of_a_capture_a_refund_or_a_void_is_followed_by_a_new_key(Fault fault) throws Exception {
        String reference = authorized();
        stripe.next(fault);
        assertThat(gateway.capture(payment, reference, PRICE, 0))
                .isInstanceOfSatisfying(Unknown.class, unknown -> assertThat(unknown.isKeySpent())
                        .isTrue());
        assertThat(gateway.capture(payment, reference, PRICE, 0)).isInstanceOf(Unknown.class);
        assertThat(gateway.capture(payment, reference, PRICE, 1)).isEqualTo(new Settled());
        stripe.next(fault);
        assertThat(gateway.refund(payment, reference, PRICE, 0)).isInstanceOf(Unknown.class);
        assertThat(status(reference)).isEqualTo(fault == Fault.FAILS ? Status.CAPTURED : Status.REFUNDED);
        if (fault == Fault.FAILS) {
            assertThat(gateway.refund(payment, reference, PRICE, 1)).isEqualTo(new Settled());
        }
        assertThat(stripe.books.kept()).isZero();
    }

    @Test
    void too_many_requests_is_not_sent_and_nothing_is_kept_of_it() throws Exception {
        stripe.next(Fault.TOO_MANY);
        assertThat(authorize(PRICE, VISA)).isInstanceOf(NotSent.class);
        assertThat(find(null)).isEqualTo(new Absent());
        assertThat(authorize(PRICE, VISA)).isInstanceOf(Authorized.class);
    }

    @Test
    void a_call_while_the_same_key_is_under_way_has_no_outcome_and_keeps_the_key() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        stripe.holdUntil(gate);
        CompletableFuture<GatewayAnswer> first = CompletableFuture.supplyAsync(() -> {
            try {
                return authorize(PRICE, VISA);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> stripe.requests.size() == 1);
        Unknown conflict = (Unknown) authorize(PRICE, VISA);
        assertThat(conflict.isKeySpent()).isFalse();
        assertThat(conflict.detail()).contains("409");
        stripe.holdUntil(null);
        gate.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS)).isInstanceOf(Authorized.class);
        assertThat(authorize(PRICE, VISA)).isInstanceOf(Authorized.class);
    }

    @Test
    void a_key_that_was_used_with_other_content_is_spent() throws Exception {
        authorized();
        assertThat(authorize(Money.of(100, "EUR"), VISA))
                .isInstanceOfSatisfying(Unknown.class, unknown -> assertThat(unknown.isKeySpent())
                        .isTrue());
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 400})
    void a_refusal_of_the_account_is_the_operators_and_no_decline(int status) throws Exception {
        String reference = authorized();
        stripe.refuseAllWith(status);
        assertThat(gateway.authorize(AuthorizationRequest.first(PaymentId.next(), PRICE, VISA)))
                .isInstanceOf(Misconfigured.class);
        assertThat(gateway.capture(payment, reference, PRICE, 0)).isInstanceOf(Misconfigured.class);
        assertThat(gateway.voidAuthorization(payment, reference, 0)).isInstanceOf(Misconfigured.class);
        assertThat(gateway.refund(payment, reference, PRICE, 0)).isInstanceOf(Misconfigured.class);
        assertThat(find(reference)).isInstanceOf(Misconfigured.class);
        assertThat(find(null)).isInstanceOf(Misconfigured.class);
        stripe.refuseAllWith(0);
        assertThat(gateway.capture(payment, reference, PRICE, 1)).isEqualTo(new Settled());
    }

    @Test
    void a_bank_that_asks_the_buyer_gives_a_secret_and_the_look_tells_what_the_buyer_did() throws Exception {
        PaymentMethod asks = new PaymentMethod.Card(StripeBooks.CARD_3DS);
        assertThat(authorize(PRICE, asks)).isEqualTo(new ActionRequired("pi_1", "pi_1_secret_x"));
        assertThat(status("pi_1")).isEqualTo(Status.ACTION_REQUIRED);
        assertThat(((Found) find("pi_1")).clientSecret()).isEqualTo("pi_1_secret_x");
        stripe.books.authenticated("pi_1", false);
        assertThat(status("pi_1")).isEqualTo(Status.DECLINED);
        assertThat(((Found) find("pi_1")).declineReason()).isEqualTo("PAYMENT_INTENT_AUTHENTICATION_FAILURE");
        stripe.books.authenticated("pi_1", true);
        assertThat(status("pi_1")).isEqualTo(Status.AUTHORIZED);
        assertThat(new ActionRequired("pi_1", "pi_1_secret_x").toString()).doesNotContain("secret");
        assertThat(find("pi_1").toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({"succeeded, REFUNDED", "failed, CAPTURED", "canceled, CAPTURED", "requires_action, REFUND_PENDING"})
    void a_pending_refund_is_followed_to_its_end(String end, Status status) throws Exception {
        String reference = ((Authorized) authorize(PRICE, new PaymentMethod.Card(StripeBooks.CARD_PENDING_REFUND)))
                .gatewayReference();
        gateway.capture(payment, reference, PRICE, 0);
        assertThat(gateway.refund(payment, reference, PRICE, 0)).isEqualTo(new UnderWay("re_1"));
        assertThat(status(reference)).isEqualTo(Status.REFUND_PENDING);
        stripe.books.refundBecomes("re_1", end);
        Found found = (Found) find(reference);
        assertThat(found.status()).isEqualTo(status);
        assertThat(found.refunds().getFirst().status()).isEqualTo(RefundStatus.valueOf(end.toUpperCase(Locale.ROOT)));
        assertThat(found.refunds().getFirst().isOurs()).isTrue();
    }

    @Test
    void what_was_refunded_in_part_at_the_dashboard_is_not_refunded_twice() throws Exception {
        String reference = authorized();
        gateway.capture(payment, reference, PRICE, 0);
        stripe.books.refundedAtDashboard(reference, 1_000);
        Found found = (Found) find(reference);
        assertThat(found.status()).isEqualTo(Status.CAPTURED);
        assertThat(found.refunds().getFirst().isOurs()).isFalse();
        assertThat(gateway.refund(payment, reference, PRICE, 0)).isEqualTo(new Settled());
        assertThat(stripe.books.kept()).isZero();
        assertThat(status(reference)).isEqualTo(Status.REFUNDED);
    }

    @Test
    void a_payment_is_listed_behind_many_others_and_an_intent_knows_whose_it_is() throws Exception {
        String reference = authorized();
        for (int i = 0; i < 150; i++) {
            gateway.authorize(AuthorizationRequest.first(PaymentId.next(), PRICE, VISA));
        }
        assertThat(((Found) find(null)).gatewayReference()).isEqualTo(reference);
        assertThat(gateway.identify(reference)).isEqualTo(new Identified(payment));
        assertThat(gateway.identify("pi_of_another_account")).isEqualTo(new Foreign());
        assertThat(find("pi_of_another_account")).isInstanceOf(Misconfigured.class);
        assertThat(gateway.dispute("dp_none")).isEqualTo(new Absent());
    }
}
