package dev.onsale.testsupport.stripe;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds objects with the fields that Stripe documents for version 2025-08-27.basil (docs.stripe.com/api). Absent
 * fields are {@code null}. An intent has {@code latest_charge} and no {@code charges}; a charge has no {@code refunds}.
 */
final class StripeJson {

    static final String VERSION = "2025-08-27.basil";
    static final long CREATED = 1_800_000_000L;

    private StripeJson() {}

    static Map<String, Object> intent(
            String id, long amount, String currency, String paymentMethod, Map<String, Object> metadata) {
        Map<String, Object> intent = object(id, "payment_intent");
        intent.put("amount", amount);
        intent.put("amount_capturable", 0L);
        intent.put("amount_details", Map.of("tip", Map.of()));
        intent.put("amount_received", 0L);
        nulls(intent, "application", "application_fee_amount", "automatic_payment_methods", "canceled_at");
        nulls(intent, "cancellation_reason");
        intent.put("capture_method", "manual");
        intent.put("client_secret", id + "_secret_x");
        intent.put("confirmation_method", "automatic");
        intent.put("currency", currency);
        nulls(intent, "customer", "description", "excluded_payment_method_types", "last_payment_error");
        nulls(intent, "latest_charge", "next_action", "on_behalf_of");
        intent.put("metadata", metadata);
        intent.put("payment_method", paymentMethod);
        nulls(intent, "payment_method_configuration_details");
        intent.put("payment_method_options", Map.of("card", Map.of("request_three_d_secure", "automatic")));
        intent.put("payment_method_types", List.of("card"));
        nulls(intent, "processing", "receipt_email", "review", "setup_future_usage", "shipping", "source");
        nulls(intent, "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group");
        intent.put("status", "requires_confirmation");
        return intent;
    }

    /** The next action of an intent that Stripe's script in the buyer's browser handles. */
    static Map<String, Object> authentication(String intent) {
        return Map.of(
                "type",
                "use_stripe_sdk",
                "use_stripe_sdk",
                Map.of(
                        "type",
                        "three_d_secure_redirect",
                        "source",
                        "src_" + intent,
                        "stripe_js",
                        "https://hooks.stripe.com/redirect/authenticate/src_" + intent));
    }

    /** The charge created by confirming an intent, with the intent's metadata at that time. */
    static Map<String, Object> charge(String id, Map<String, Object> intent, boolean isApproved) {
        Map<String, Object> charge = object(id, "charge");
        charge.put("amount", intent.get("amount"));
        charge.put("amount_captured", 0L);
        charge.put("amount_refunded", 0L);
        nulls(charge, "application", "application_fee", "application_fee_amount", "balance_transaction");
        charge.put("billing_details", nulls(new LinkedHashMap<>(), "address", "email", "name", "phone", "tax_id"));
        charge.put("calculated_statement_descriptor", "ONSALE");
        charge.put("captured", false);
        charge.put("currency", intent.get("currency"));
        nulls(charge, "customer", "description", "failure_balance_transaction");
        charge.put("disputed", false);
        charge.put("failure_code", isApproved ? null : "card_declined");
        charge.put("failure_message", isApproved ? null : "Your card has insufficient funds.");
        charge.put("fraud_details", Map.of());
        charge.put("metadata", intent.get("metadata"));
        nulls(charge, "on_behalf_of", "receipt_email", "receipt_number", "receipt_url", "review", "shipping", "source");
        charge.put("outcome", outcome(isApproved));
        charge.put("paid", isApproved);
        charge.put("payment_intent", intent.get("id"));
        charge.put("payment_method", intent.get("payment_method"));
        charge.put("payment_method_details", Map.of("type", "card", "card", card()));
        charge.put("radar_options", Map.of());
        charge.put("refunded", false);
        nulls(charge, "source_transfer", "statement_descriptor", "statement_descriptor_suffix", "transfer_data");
        nulls(charge, "transfer", "transfer_group");
        charge.put("status", isApproved ? "succeeded" : "failed");
        return charge;
    }

    private static Map<String, Object> outcome(boolean isApproved) {
        Map<String, Object> outcome = new LinkedHashMap<>();
        outcome.put("advice_code", isApproved ? null : "try_again_later");
        nulls(outcome, "network_advice_code", "network_decline_code");
        outcome.put("network_status", isApproved ? "approved_by_network" : "declined_by_network");
        outcome.put("reason", isApproved ? null : "insufficient_funds");
        outcome.put("risk_level", "normal");
        outcome.put("risk_score", 21);
        outcome.put("seller_message", isApproved ? "Payment complete." : "The bank returned insufficient_funds.");
        outcome.put("type", isApproved ? "authorized" : "issuer_declined");
        return outcome;
    }

    static Map<String, Object> refund(
            String id, long amount, Map<String, Object> intent, String status, Map<String, Object> metadata) {
        Map<String, Object> refund = object(id, "refund");
        refund.remove("livemode");
        refund.put("amount", amount);
        nulls(refund, "balance_transaction", "reason", "receipt_number");
        refund.put("charge", intent.get("latest_charge"));
        refund.put("currency", intent.get("currency"));
        refund.put("destination_details", Map.of("type", "card", "card", Map.of("type", "refund")));
        refund.put("metadata", metadata);
        refund.put("payment_intent", intent.get("id"));
        nulls(refund, "source_transfer_reversal", "transfer_reversal");
        refund.put("status", status);
        return refund;
    }

    static Map<String, Object> dispute(String id, Map<String, Object> intent, String status) {
        Map<String, Object> dispute = object(id, "dispute");
        dispute.put("amount", intent.get("amount"));
        dispute.put("balance_transactions", List.of());
        dispute.put("charge", intent.get("latest_charge"));
        dispute.put("currency", intent.get("currency"));
        dispute.put("evidence", Map.of());
        dispute.put("evidence_details", Map.of("has_evidence", false, "past_due", false, "submission_count", 0));
        dispute.put("is_charge_refundable", false);
        dispute.put("metadata", Map.of());
        dispute.put("payment_intent", intent.get("id"));
        dispute.put("reason", "fraudulent");
        dispute.put("status", status);
        return dispute;
    }

    static Map<String, Object> event(String id, String type, Map<String, Object> about) {
        Map<String, Object> event = object(id, "event");
        event.put("api_version", VERSION);
        event.put("data", Map.of("object", about));
        event.put("pending_webhooks", 1);
        event.put("request", nulls(new LinkedHashMap<>(), "id", "idempotency_key"));
        event.put("type", type);
        return event;
    }

    static Map<String, Object> error(String type, @Nullable String code, @Nullable String param, String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        if (code != null) {
            error.put("code", code);
            error.put("doc_url", "https://stripe.com/docs/error-codes/" + code.replace('_', '-'));
        }
        error.put("message", message);
        if (param != null) {
            error.put("param", param);
        }
        error.put("request_log_url", "https://dashboard.stripe.com/test/logs/req_1?t=" + CREATED);
        error.put("type", type);
        return error;
    }

    /** A payment method as part of an error, which has the whole object instead of its id. */
    static Map<String, Object> paymentMethod(String id) {
        Map<String, Object> method = object(id, "payment_method");
        method.put("billing_details", nulls(new LinkedHashMap<>(), "address", "email", "name", "phone", "tax_id"));
        method.put("card", card());
        nulls(method, "customer");
        method.put("metadata", Map.of());
        method.put("type", "card");
        return method;
    }

    private static Map<String, Object> card() {
        return Map.of(
                "brand",
                "visa",
                "country",
                "US",
                "exp_month",
                12,
                "exp_year",
                2034,
                "funding",
                "credit",
                "last4",
                "4242");
    }

    private static Map<String, Object> object(String id, String object) {
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("id", id);
        made.put("object", object);
        made.put("created", CREATED);
        made.put("livemode", false);
        return made;
    }

    @SuppressWarnings("NullAway") // JSON null
    private static Map<String, Object> nulls(Map<String, Object> object, String... fields) {
        Arrays.stream(fields).forEach(field -> object.put(field, null));
        return object;
    }

    /** A copy of the current state; later changes do not affect it. */
    static Map<String, Object> copy(Map<String, Object> object) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(object));
    }
}
