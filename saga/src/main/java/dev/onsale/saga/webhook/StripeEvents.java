package dev.onsale.saga.webhook;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.PaymentId;
import dev.onsale.saga.reservation.GatewayEvent;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads Stripe's events by the few fields that all versions of its interface have. Other events are ignored. */
final class StripeEvents {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_]{1,100}");

    /** What may have happened without Onsale. */
    private static final Set<String> TYPES = Set.of(
            "charge.dispute.closed",
            "charge.dispute.created",
            "charge.dispute.funds_reinstated",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.updated",
            "charge.refund.updated",
            "charge.refunded",
            "payment_intent.amount_capturable_updated",
            "payment_intent.canceled",
            "payment_intent.succeeded",
            "refund.created",
            "refund.failed",
            "refund.updated");

    private StripeEvents() {}

    /** The payment that the event's object was made for, if Onsale made it. */
    static Optional<PaymentId> paymentId(JsonNode event) {
        return paymentId(
                object(event).path("metadata").path("onsale_payment_id").asString(""));
    }

    static Optional<PaymentId> paymentId(String text) {
        try {
            return Optional.of(PaymentId.of(text));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    /** What has to be looked at, if anything. */
    static Optional<GatewayEvent> toReconcile(JsonNode event) {
        String id = event.path("id").asString("");
        String type = event.path("type").asString("");
        JsonNode object = object(event);
        boolean isIntent = object.path("object").asString("").equals("payment_intent");
        String intent = isIntent ? object.path("id").asString("") : reference(object.path("payment_intent"));
        Optional<PaymentId> payment = paymentId(event);
        boolean isForeign = isIntent && payment.isEmpty();
        if (!TYPES.contains(type)
                || isForeign
                || !ID.matcher(id).matches()
                || !ID.matcher(intent).matches()) {
            return Optional.empty();
        }
        String dispute = disputeOf(type, object);
        String refund = refundOf(object);
        String status = refund == null ? null : object.path("status").asString("");
        return type.startsWith("charge.dispute.") && dispute == null
                ? Optional.empty()
                : Optional.of(new GatewayEvent(id, type, intent, payment.orElse(null), dispute, refund, status));
    }

    private static @Nullable String refundOf(JsonNode object) {
        String id = object.path("id").asString("");
        return object.path("object").asString("").equals("refund")
                        && ID.matcher(id).matches()
                ? id
                : null;
    }

    private static @Nullable String disputeOf(String type, JsonNode object) {
        String id = object.path("id").asString("");
        return type.startsWith("charge.dispute.") && ID.matcher(id).matches() ? id : null;
    }

    /** An id, or the whole object where the account asks for it. */
    private static String reference(JsonNode node) {
        return node.isObject() ? node.path("id").asString("") : node.asString("");
    }

    private static JsonNode object(JsonNode event) {
        return event.path("data").path("object");
    }
}
