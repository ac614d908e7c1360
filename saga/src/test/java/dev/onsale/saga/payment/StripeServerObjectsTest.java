package dev.onsale.saga.payment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.annotations.SerializedName;
import com.stripe.model.Charge;
import com.stripe.model.Dispute;
import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.StripeError;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.testsupport.stripe.StripeBooks;
import dev.onsale.testsupport.stripe.StripeServer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The test server's objects have the fields that Stripe's own library reads, and no others. */
class StripeServerObjectsTest {

    private static final Money PRICE = Money.of(4_900, "EUR");

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final StripeServer stripe;
    private final PaymentGateway gateway;

    StripeServerObjectsTest() throws Exception {
        stripe = new StripeServer();
        TestPropertyValues.of(
                        "onsale.payment.provider=stripe",
                        "onsale.payment.base-url=" + stripe.baseUri(),
                        "onsale.payment.secret-key=" + StripeServer.SECRET)
                .applyTo(context);
        context.register(PaymentGatewayConfiguration.class);
        context.refresh();
        gateway = context.getBean(PaymentGateway.class);
    }

    @BeforeEach
    void there_is_one_of_each() throws Exception {
        for (String card : new String[] {"pm_card_visa", StripeBooks.CARD_DECLINED, StripeBooks.CARD_3DS}) {
            gateway.authorize(AuthorizationRequest.first(PaymentId.next(), PRICE, new PaymentMethod.Card(card)));
        }
        gateway.capture(PaymentId.next(), "pi_1", PRICE, 0);
        gateway.refund(PaymentId.next(), "pi_1", PRICE, 0);
        stripe.books.disputed("dp_1", "pi_1", "needs_response");
    }

    @AfterEach
    void close() {
        context.close();
        stripe.close();
    }

    private Map<?, ?> object(String id) {
        return part(part(event(id), "data"), "object");
    }

    private static Map<?, ?> part(Map<?, ?> object, String field) {
        return (Map<?, ?>) Objects.requireNonNull(object.get(field), field);
    }

    private Map<?, ?> event(String id) {
        return stripe.books.event("evt_1", "a.type", id);
    }

    private static void hasTheFieldsOf(Class<?> model, Map<?, ?> object, String... optional) {
        Set<String> documented = Arrays.stream(model.getDeclaredFields())
                .map(field -> field.getAnnotation(SerializedName.class))
                .filter(name -> name != null)
                .map(SerializedName::value)
                .collect(Collectors.toSet());
        assertThat(object.keySet().stream().map(String::valueOf))
                .as("known to the library")
                .isSubsetOf(documented);
        documented.removeAll(Set.of(optional));
        assertThat(object.keySet().stream().map(String::valueOf))
                .as("all of them")
                .containsAll(documented);
    }

    @Test
    void each_object_has_the_fields_that_the_library_reads() {
        for (String intent : new String[] {"pi_1", "pi_2", "pi_3"}) {
            hasTheFieldsOf(PaymentIntent.class, object(intent), "presentment_details");
        }
        for (String charge : new String[] {"ch_1", "ch_2"}) {
            hasTheFieldsOf(
                    Charge.class, object(charge), "authorization_code", "level3", "presentment_details", "refunds");
        }
        hasTheFieldsOf(
                Refund.class,
                object("re_1"),
                "description",
                "failure_balance_transaction",
                "failure_reason",
                "instructions_email",
                "next_action",
                "pending_reason",
                "presentment_details");
        hasTheFieldsOf(
                Dispute.class,
                object("dp_1"),
                "enhanced_eligibility_types",
                "network_reason_code",
                "payment_method_details");
        hasTheFieldsOf(Event.class, event("pi_1"), "account", "context");
    }

    @Test
    void the_parts_that_tell_what_happened_are_there() {
        assertThat(object("pi_1").get("latest_charge")).isEqualTo("ch_1");
        assertThat(object("pi_1").containsKey("charges"))
                .as("removed from the interface")
                .isFalse();
        assertThat(object("ch_1").get("refunded")).isEqualTo(true);
        assertThat(object("ch_1").get("amount_refunded")).isEqualTo(4_900L);

        Map<?, ?> error = part(object("pi_2"), "last_payment_error");
        hasTheFieldsOf(
                StripeError.class,
                error,
                "advice_code",
                "network_advice_code",
                "network_decline_code",
                "param",
                "payment_intent",
                "payment_method_type",
                "setup_intent",
                "source",
                "user_message");
        assertThat(object("pi_2").get("payment_method")).isNull();
        assertThat(part(object("pi_3"), "next_action").get("type")).isEqualTo("use_stripe_sdk");
    }
}
