package dev.onsale.testsupport.stripe;

import dev.onsale.testsupport.stripe.StripeServer.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The objects of a Stripe account and the actions of its dashboard. Thread-safe. */
public final class StripeBooks {

    /** The bank asks the buyer to authenticate this card's payments. */
    public static final String CARD_3DS = "pm_card_threeDSecure2Required";

    public static final String CARD_DECLINED = "pm_card_visa_chargeDeclinedInsufficientFunds";

    /** Refunds to this card stay pending until {@link #refundBecomes}. */
    public static final String CARD_PENDING_REFUND = "pm_card_pendingRefund";

    private static final Set<String> WHOLE_HUNDREDS = Set.of("isk", "ugx");
    private static final Set<String> WHOLE_TENS = Set.of("bhd", "jod", "kwd", "omr", "tnd");

    private final Map<String, Map<String, Object>> intents = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> charges = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> refunds = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> disputes = new LinkedHashMap<>();

    synchronized Answer get(String path, Map<String, String> fields) {
        String[] parts = path.split("/", -1);
        if (path.equals("/payment_intents/search")) {
            return new Answer(200, Map.of("object", "search_result", "data", List.of(), "has_more", false));
        }
        if (path.equals("/payment_intents")) {
            return list(intents, fields);
        }
        if (path.equals("/refunds")) {
            Map<String, Map<String, Object>> of = new LinkedHashMap<>(refunds);
            of.values().removeIf(refund -> !isOf(refund, fields.get("payment_intent")));
            return list(of, fields);
        }
        Map<String, Object> found =
                switch (parts[1]) {
                    case "payment_intents" -> intents.get(parts[2]);
                    case "refunds" -> refunds.get(parts[2]);
                    case "charges" -> charges.get(parts[2]);
                    default -> disputes.get(parts[2]);
                };
        return found == null ? missing("id") : new Answer(200, StripeJson.copy(found));
    }

    /** Returns one page of objects, newest first. */
    private static Answer list(Map<String, Map<String, Object>> objects, Map<String, String> fields) {
        List<Map<String, Object>> newestFirst = new ArrayList<>(objects.values()).reversed();
        String after = fields.get("starting_after");
        int from = 0;
        for (int i = 0; after != null && i < newestFirst.size(); i++) {
            from = after.equals(newestFirst.get(i).get("id")) ? i + 1 : from;
        }
        int to = Math.min(newestFirst.size(), from + Integer.parseInt(fields.getOrDefault("limit", "10")));
        List<Map<String, Object>> page =
                newestFirst.subList(from, to).stream().map(StripeJson::copy).toList();
        return new Answer(
                200, Map.of("object", "list", "url", "/v1/x", "data", page, "has_more", to < newestFirst.size()));
    }

    synchronized Answer post(String path, Map<String, String> fields) {
        String[] parts = path.split("/", -1);
        if (path.equals("/payment_intents")) {
            return create(fields);
        }
        if (path.equals("/refunds")) {
            return refund(fields);
        }
        Map<String, Object> intent = intents.get(parts[2]);
        if (intent == null) {
            return missing("intent");
        }
        return switch (parts[3]) {
            case "confirm" -> confirm(intent);
            case "capture" -> capture(intent);
            default -> cancel(intent);
        };
    }

    private Answer create(Map<String, String> fields) {
        String currency = fields.getOrDefault("currency", "");
        long amount = Long.parseLong(fields.getOrDefault("amount", "0"));
        if (WHOLE_HUNDREDS.contains(currency) && amount % 100 != 0) {
            return error(400, "invalid_request_error", "invalid_charge_amount_no_decimal_compatible", "amount");
        }
        if (WHOLE_TENS.contains(currency) && amount % 10 != 0) {
            return error(400, "invalid_request_error", "parameter_invalid_integer", "amount");
        }
        if (!fields.getOrDefault("payment_method", "").startsWith("pm_")) {
            return missing("payment_method");
        }
        String id = "pi_" + (intents.size() + 1);
        Map<String, Object> intent =
                StripeJson.intent(id, amount, currency, fields.getOrDefault("payment_method", ""), metadata(fields));
        intents.put(id, intent);
        return new Answer(200, StripeJson.copy(intent));
    }

    private static Map<String, Object> metadata(Map<String, String> fields) {
        String payment = fields.get("metadata[onsale_payment_id]");
        return payment == null ? Map.of() : Map.of("onsale_payment_id", payment);
    }

    private Answer confirm(Map<String, Object> intent) {
        // After a decline the intent has no payment method: Stripe requires a new one first.
        if (!status(intent, "requires_confirmation")) {
            return unexpected(intent);
        }
        if (CARD_DECLINED.equals(intent.get("payment_method"))) {
            return declined(intent);
        }
        if (CARD_3DS.equals(intent.get("payment_method"))) {
            intent.put("status", "requires_action");
            intent.put("next_action", StripeJson.authentication(text(intent, "id")));
        } else {
            authorize(intent);
        }
        return new Answer(200, StripeJson.copy(intent));
    }

    private Answer declined(Map<String, Object> intent) {
        Map<String, Object> charge = charge(intent, false);
        Map<String, Object> error =
                StripeJson.error("card_error", "card_declined", null, "Your card has insufficient funds.");
        error.put("charge", text(charge, "id"));
        error.put("decline_code", "insufficient_funds");
        lose(intent, error);
        Map<String, Object> told = new LinkedHashMap<>(error);
        told.put("payment_intent", StripeJson.copy(intent));
        return new Answer(402, Map.of("error", told));
    }

    /** The payment method was declined: the intent loses it and has the reason as last error. */
    @SuppressWarnings("NullAway") // JSON null
    private static void lose(Map<String, Object> intent, Map<String, Object> error) {
        error.put("payment_method", StripeJson.paymentMethod(text(intent, "payment_method")));
        intent.put("last_payment_error", error);
        intent.put("next_action", null);
        intent.put("payment_method", null);
        intent.put("status", "requires_payment_method");
    }

    @SuppressWarnings("NullAway") // JSON null
    private void authorize(Map<String, Object> intent) {
        charge(intent, true);
        intent.put("amount_capturable", number(intent, "amount"));
        intent.put("next_action", null);
        intent.put("status", "requires_capture");
    }

    private Map<String, Object> charge(Map<String, Object> intent, boolean isApproved) {
        String id = "ch_" + (charges.size() + 1);
        Map<String, Object> charge = StripeJson.charge(id, intent, isApproved);
        charges.put(id, charge);
        intent.put("latest_charge", id);
        return charge;
    }

    private Map<String, Object> chargeOf(Map<String, Object> intent) {
        return Objects.requireNonNull(charges.get(text(intent, "latest_charge")), "the intent was never confirmed");
    }

    private Answer capture(Map<String, Object> intent) {
        if (!status(intent, "requires_capture")) {
            return unexpected(intent);
        }
        intent.put("status", "succeeded");
        intent.put("amount_capturable", 0L);
        intent.put("amount_received", number(intent, "amount"));
        chargeOf(intent).put("captured", true);
        chargeOf(intent).put("amount_captured", number(intent, "amount"));
        return new Answer(200, StripeJson.copy(intent));
    }

    private Answer cancel(Map<String, Object> intent) {
        if (status(intent, "succeeded", "canceled")) {
            return unexpected(intent);
        }
        intent.put("status", "canceled");
        intent.put("amount_capturable", 0L);
        intent.put("canceled_at", StripeJson.CREATED + 60);
        return new Answer(200, StripeJson.copy(intent));
    }

    private Answer refund(Map<String, String> fields) {
        Map<String, Object> intent = intents.get(fields.getOrDefault("payment_intent", ""));
        if (intent == null || !status(intent, "succeeded")) {
            return error(400, "invalid_request_error", "payment_intent_unexpected_state", null);
        }
        long left = number(intent, "amount_received") - refunded(intent);
        if (left <= 0) {
            return error(400, "invalid_request_error", "charge_already_refunded", null);
        }
        String amount = fields.get("amount");
        boolean isPending = CARD_PENDING_REFUND.equals(intent.get("payment_method"));
        Map<String, Object> refund = StripeJson.refund(
                "re_" + (refunds.size() + 1),
                amount == null ? left : Long.parseLong(amount),
                intent,
                isPending ? "pending" : "succeeded",
                metadata(fields));
        if (isPending) {
            refund.put("pending_reason", "processing");
        }
        refunds.put(text(refund, "id"), refund);
        chargeOf(intent).put("amount_refunded", refunded(intent));
        chargeOf(intent).put("refunded", refunded(intent) == number(intent, "amount_received"));
        return new Answer(200, StripeJson.copy(refund));
    }

    private long refunded(Map<String, Object> intent) {
        return refunds.values().stream()
                .filter(refund -> isOf(refund, intent.get("id")) && !status(refund, "failed", "canceled"))
                .mapToLong(refund -> number(refund, "amount"))
                .sum();
    }

    /** Creates a refund as an operator at the dashboard does. */
    public synchronized String refundedAtDashboard(String intent, long amount) {
        Answer answer = refund(Map.of("payment_intent", intent, "amount", Long.toString(amount)));
        return String.valueOf(((Map<?, ?>) answer.body()).get("id"));
    }

    public synchronized void cancelledAtDashboard(String intent) {
        cancel(intent(intent));
    }

    public synchronized void capturedAtDashboard(String intent) {
        capture(intent(intent));
    }

    /** Ends the buyer's authentication at the bank. */
    public synchronized void authenticated(String intent, boolean isBuyer) {
        if (isBuyer) {
            authorize(intent(intent));
        } else {
            lose(
                    intent(intent),
                    StripeJson.error(
                            "invalid_request_error",
                            "payment_intent_authentication_failure",
                            null,
                            "The provided PaymentMethod has failed authentication."));
        }
    }

    public synchronized void refundBecomes(String refund, String status) {
        Map<String, Object> known = Objects.requireNonNull(refunds.get(refund), refund);
        known.put("status", status);
        if (status.equals("failed")) {
            known.put("failure_reason", "lost_or_stolen_card");
        }
    }

    public synchronized void disputed(String dispute, String intent, String status) {
        disputes.put(dispute, StripeJson.dispute(dispute, intent(intent), status));
    }

    /** An event with the current state of an object: an intent, a charge, a refund or a dispute. */
    public synchronized Map<String, Object> event(String id, String type, String object) {
        Map<String, Object> about = Stream.of(intents, charges, refunds, disputes)
                .map(objects -> objects.get(object))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no " + object));
        return StripeJson.event(id, type, StripeJson.copy(about));
    }

    /** The charge of a confirmed intent. */
    public synchronized String chargeOf(String intent) {
        return text(chargeOf(intent(intent)), "id");
    }

    private Map<String, Object> intent(String id) {
        Map<String, Object> intent = intents.get(id);
        if (intent == null) {
            throw new IllegalStateException("There is no " + id);
        }
        return intent;
    }

    /** The intents created for a payment of Onsale, oldest first. */
    public synchronized List<String> intentsOf(String paymentId) {
        return intents.values().stream()
                .filter(intent -> Map.of("onsale_payment_id", paymentId).equals(intent.get("metadata")))
                .map(intent -> text(intent, "id"))
                .toList();
    }

    public synchronized List<String> refundsOf(String intent) {
        return refunds.values().stream()
                .filter(refund -> isOf(refund, intent))
                .map(refund -> text(refund, "id"))
                .toList();
    }

    public synchronized String statusOf(String intent) {
        return text(intent(intent), "status");
    }

    public synchronized List<String> intents() {
        return List.copyOf(intents.keySet());
    }

    /** Number of intents with authorised or captured money. */
    public synchronized long withMoney() {
        return intents.values().stream()
                .filter(intent -> status(intent, "requires_capture", "succeeded"))
                .count();
    }

    /** Captured less refunded amount, in Stripe's minor units. */
    public synchronized long kept() {
        return intents.values().stream()
                .filter(intent -> status(intent, "succeeded"))
                .mapToLong(intent -> number(intent, "amount_received") - refunded(intent))
                .sum();
    }

    private static boolean status(Map<String, Object> object, String... any) {
        return Set.of(any).contains(text(object, "status"));
    }

    private static boolean isOf(Map<String, Object> refund, @Nullable Object intent) {
        return text(refund, "payment_intent").equals(intent);
    }

    private static String text(Map<String, Object> object, String field) {
        return String.valueOf(object.get(field));
    }

    private static long number(Map<String, Object> object, String field) {
        return Long.parseLong(text(object, field));
    }

    private static Answer missing(String param) {
        return error(param.equals("payment_method") ? 400 : 404, "invalid_request_error", "resource_missing", param);
    }

    private static Answer unexpected(Map<String, Object> intent) {
        Map<String, Object> error = StripeJson.error(
                "invalid_request_error",
                "payment_intent_unexpected_state",
                null,
                "This PaymentIntent cannot do that: it has a status of " + text(intent, "status") + ".");
        error.put("payment_intent", StripeJson.copy(intent));
        return new Answer(400, Map.of("error", error));
    }

    static Answer error(int status, String type, @Nullable String code, @Nullable String param) {
        return new Answer(status, Map.of("error", StripeJson.error(type, code, param, "as the test wants it")));
    }
}
