package dev.onsale.saga.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentMethod;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
                        "onsale.payment.read-timeout=PT2S")
                .applyTo(context);
        context.register(PaymentGatewayConfiguration.class);
        context.refresh();
        gateway = context.getBean(PaymentGateway.class);
    }

    @BeforeEach
    void it_is_the_adapter_that_was_chosen() {
        assertThat(gateway).isInstanceOf(StripeGateway.class);
    }

    @AfterEach
    void close() {
        context.close();
        stripe.close();
    }

    private String authorized() throws InterruptedException {
        return ((Authorized) gateway.authorize(payment, PRICE, VISA)).gatewayReference();
    }

    private Status status() throws InterruptedException {
        return ((Found) gateway.find(payment)).status();
    }

    @Test
    void an_amount_is_reserved_once_whatever_is_repeated_and_then_captured_and_refunded_once() throws Exception {
        String reference = authorized();
        assertThat(authorized()).isEqualTo(reference);
        assertThat(stripe.intents()).isEqualTo(1);
        assertThat(stripe.requests.getFirst())
                .startsWith("POST /payment_intents {amount=4900, currency=eur, payment_method=pm_card_visa,")
                .contains("capture_method=manual", "confirm=true", "metadata[onsale_payment_id]=" + payment);
        assertThat(gateway.find(payment)).isEqualTo(new Found(reference, Status.AUTHORIZED, PRICE, "DECLINED"));

        assertThat(gateway.capture(payment, reference, PRICE)).isEqualTo(new Settled());
        assertThat(gateway.capture(payment, reference, PRICE)).isEqualTo(new Settled());
        assertThat(status()).isEqualTo(Status.CAPTURED);
        assertThat(gateway.voidAuthorization(payment, reference))
                .isEqualTo(new Refused("payment_intent_unexpected_state"));
        assertThat(gateway.refund(payment, reference, PRICE)).isEqualTo(new Settled());
        assertThat(gateway.refund(payment, reference, PRICE)).isEqualTo(new Settled());
        assertThat(status()).isEqualTo(Status.REFUNDED);
        assertThat(stripe.captured()).isZero();
    }

    @Test
    void what_another_key_settled_before_counts_as_settled() throws Exception {
        String reference = authorized();
        assertThat(gateway.capture(PaymentId.next(), reference, PRICE)).isEqualTo(new Settled());
        assertThat(gateway.capture(payment, reference, PRICE)).isEqualTo(new Settled());
        assertThat(gateway.refund(PaymentId.next(), reference, PRICE)).isEqualTo(new Settled());
        assertThat(gateway.refund(payment, reference, PRICE)).isEqualTo(new Settled());
        assertThat(stripe.captured()).isZero();
    }

    @Test
    void a_void_gives_the_reservation_up() throws Exception {
        String reference = authorized();
        assertThat(gateway.voidAuthorization(payment, reference)).isEqualTo(new Settled());
        assertThat(status()).isEqualTo(Status.VOIDED);
        assertThat(gateway.capture(payment, reference, PRICE))
                .isEqualTo(new Refused("payment_intent_unexpected_state"));
    }

    @Test
    void the_banks_reason_for_a_decline_is_told() throws Exception {
        assertThat(gateway.authorize(
                        payment, PRICE, new PaymentMethod.Card("pm_card_visa_chargeDeclinedInsufficientFunds")))
                .isEqualTo(new Declined("INSUFFICIENT_FUNDS"));
        assertThat(gateway.authorize(PaymentId.next(), PRICE, new PaymentMethod.Card("no-such-card")))
                .isEqualTo(new Declined("resource_missing"));
    }

    @Test
    void a_lost_answer_is_unknown_and_the_same_key_tells_what_became_of_it() throws Exception {
        stripe.losesNextAnswer = true;
        assertThat(gateway.authorize(payment, PRICE, VISA)).isInstanceOf(Unknown.class);
        assertThat(status()).isEqualTo(Status.AUTHORIZED);
        assertThat(gateway.authorize(payment, PRICE, VISA)).isInstanceOf(Authorized.class);
        assertThat(stripe.intents()).isEqualTo(1);
    }

    @Test
    void too_many_requests_is_not_sent_and_a_server_error_unknown() throws Exception {
        stripe.nextFailure = 429;
        assertThat(gateway.authorize(payment, PRICE, VISA)).isInstanceOf(NotSent.class);
        stripe.nextFailure = 500;
        assertThat(gateway.authorize(payment, PRICE, VISA)).isInstanceOf(Unknown.class);
        assertThat(gateway.find(payment)).isEqualTo(new Absent());
    }
}
