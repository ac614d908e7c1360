package dev.onsale.saga.reservation;

import dev.onsale.saga.payment.GatewayAnswer;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a step has come with the gateway; stored with the step.
 *
 * @param attempt how many idempotency keys the gateway has used up
 * @param gatewayReference the gateway's name for the payment, if it is known
 * @param waitsForBuyer whether the buyer was given what the payment can be authenticated with
 * @param absentSince when the gateway first said that it does not know the payment; absent if it has not
 * @param refusal why the gateway refused a refund; absent if it has not
 * @param sentAttempt the last attempt under whose key a payment was asked for, if the answer is not known; absent for the first
 */
record GatewayProgress(
        int attempt,
        @Nullable String gatewayReference,
        boolean waitsForBuyer,
        @Nullable Instant absentSince,
        @Nullable String refusal,
        @Nullable Integer sentAttempt) {

    private static final GatewayProgress NONE = new GatewayProgress(0, null, false, null, null);

    GatewayProgress(
            int attempt,
            @Nullable String gatewayReference,
            boolean waitsForBuyer,
            @Nullable Instant absentSince,
            @Nullable String refusal) {
        this(attempt, gatewayReference, waitsForBuyer, absentSince, refusal, null);
    }

    static GatewayProgress of(@Nullable GatewayProgress stored) {
        return stored == null ? NONE : stored;
    }

    static GatewayProgress known(String gatewayReference) {
        return NONE.at(gatewayReference);
    }

    /** After a call without an outcome: the gateway's name for the payment, and whether the key is used up. */
    GatewayProgress after(GatewayAnswer.ToAny answer) {
        return switch (answer) {
            case GatewayAnswer.Unknown unknown -> {
                GatewayProgress known = at(unknown.gatewayReference());
                yield unknown.isKeySpent() ? known.nextAttempt() : known;
            }
            // The gateway may repeat its refusal under the same key, after the operator has corrected the settings.
            case GatewayAnswer.Misconfigured misconfigured ->
                at(misconfigured.gatewayReference()).nextAttempt();
            case GatewayAnswer.NotSent notSent -> this;
        };
    }

    GatewayProgress nextAttempt() {
        return new GatewayProgress(attempt + 1, gatewayReference, waitsForBuyer, absentSince, refusal, sentAttempt);
    }

    /** A request goes out under the current key. */
    GatewayProgress sent() {
        return attempt == 0
                ? this
                : new GatewayProgress(attempt, gatewayReference, waitsForBuyer, absentSince, refusal, attempt);
    }

    /** Whether what was asked for last was asked for under the current key, and not under one that is used up. */
    boolean isKeySent() {
        return attempt == 0 || Objects.equals(attempt, sentAttempt);
    }

    GatewayProgress at(@Nullable String reference) {
        return reference == null
                ? this
                : new GatewayProgress(attempt, reference, waitsForBuyer, absentSince, refusal, sentAttempt);
    }

    GatewayProgress waiting() {
        return new GatewayProgress(attempt, gatewayReference, true, absentSince, refusal, sentAttempt);
    }

    GatewayProgress absent(Instant since) {
        return new GatewayProgress(attempt, gatewayReference, waitsForBuyer, since, refusal, sentAttempt);
    }

    /** A refund was refused. What happened to the payment meanwhile may be the reason, so it is looked at again. */
    GatewayProgress refused(String code) {
        return new GatewayProgress(attempt, gatewayReference, waitsForBuyer, absentSince, code, sentAttempt);
    }

    /** For a step: nothing is stored of no progress. */
    @Nullable
    GatewayProgress orNull() {
        return equals(NONE) ? null : this;
    }
}
