package dev.onsale.paymentsimulator;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Test payment tokens with a fixed outcome. Any other token is a card with a random outcome. */
final class PaymentToken {
    static final String APPROVED = "tok_approved";
    /** Approved and booked, but the connection is closed without a response. */
    static final String APPROVED_ANSWER_LOST = "tok_approved_answer_lost";

    static final Map<String, DeclineCode> DECLINED = Map.of(
            "tok_declined_insufficient_funds", DeclineCode.INSUFFICIENT_FUNDS,
            "tok_declined_card", DeclineCode.CARD_DECLINED,
            "tok_declined_expired", DeclineCode.CARD_EXPIRED,
            "tok_declined_fraud", DeclineCode.FRAUD_SUSPECTED);

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private PaymentToken() {}

    static boolean isWellFormed(String token) {
        return FORM.matcher(token).matches();
    }

    /** Rejects mistyped test tokens. */
    static boolean isUnknownTestToken(String token) {
        boolean reserved = token.startsWith("tok_approved") || token.startsWith("tok_declined");
        return reserved && !forcesApproval(token) && !DECLINED.containsKey(token);
    }

    static boolean forcesApproval(@Nullable String token) {
        return APPROVED.equals(token) || APPROVED_ANSWER_LOST.equals(token);
    }

    static @Nullable DeclineCode forcedDecline(@Nullable String token) {
        return token == null ? null : DECLINED.get(token);
    }
}
