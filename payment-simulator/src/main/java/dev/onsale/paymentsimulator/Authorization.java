package dev.onsale.paymentsimulator;

import dev.onsale.paymentsimulator.LedgerEntry.Kind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** State of a charge: decides which bookings are allowed and applies them. */
record Authorization(
        String id,
        Status status,
        @Nullable DeclineCode declineCode,
        Amount amount,
        Amount capturedAmount,
        Amount refundedAmount,
        int refundCount,
        String reference,
        String idempotencyKey,
        Instant createdAt,
        Instant updatedAt) {

    /** Limits the ledger entries of one charge. */
    static final int REFUNDS_MAX = 100;

    enum Status {
        AUTHORIZED,
        DECLINED,
        CAPTURED,
        VOIDED,
        PARTIALLY_REFUNDED,
        REFUNDED
    }

    sealed interface Decision {
        record Booked(Kind kind, Amount amount) implements Decision {}

        record Refused(ProblemCode code, String detail) implements Decision {}
    }

    static Authorization opened(LedgerEntry entry) {
        var nothing = new Amount(0, entry.amount().currency());
        var status =
                switch (entry.kind()) {
                    case AUTHORIZED -> Status.AUTHORIZED;
                    case DECLINED -> Status.DECLINED;
                    case CAPTURED, VOIDED, REFUNDED ->
                        throw new IllegalStateException(entry.kind() + " of an unknown authorization");
                };
        return new Authorization(
                entry.authorizationId(),
                status,
                entry.declineCode(),
                entry.amount(),
                nothing,
                nothing,
                0,
                entry.reference(),
                entry.idempotencyKey(),
                entry.time(),
                entry.time());
    }

    Decision capture(Amount wanted) {
        return switch (status) {
            case DECLINED -> refused(ProblemCode.AUTHORIZATION_DECLINED);
            case VOIDED -> refused(ProblemCode.ALREADY_VOIDED);
            case CAPTURED, PARTIALLY_REFUNDED, REFUNDED -> refused(ProblemCode.ALREADY_CAPTURED);
            case AUTHORIZED -> {
                if (isForeign(wanted)) {
                    yield currencyMismatch(wanted);
                }
                yield wanted.minorUnits() > amount.minorUnits()
                        ? exceeds(ProblemCode.CAPTURE_EXCEEDS_AUTHORIZATION, wanted, amount.minorUnits(), "authorized")
                        : new Decision.Booked(Kind.CAPTURED, wanted);
            }
        };
    }

    Decision voided() {
        return switch (status) {
            case AUTHORIZED -> new Decision.Booked(Kind.VOIDED, amount);
            case DECLINED -> refused(ProblemCode.AUTHORIZATION_DECLINED);
            case VOIDED -> refused(ProblemCode.ALREADY_VOIDED);
            case CAPTURED, PARTIALLY_REFUNDED, REFUNDED -> refused(ProblemCode.ALREADY_CAPTURED);
        };
    }

    Decision refund(Amount wanted) {
        return switch (status) {
            case DECLINED -> refused(ProblemCode.AUTHORIZATION_DECLINED);
            case VOIDED -> refused(ProblemCode.ALREADY_VOIDED);
            case AUTHORIZED -> refused(ProblemCode.NOT_CAPTURED);
            case REFUNDED -> refused(ProblemCode.ALREADY_REFUNDED);
            case CAPTURED, PARTIALLY_REFUNDED -> {
                if (isForeign(wanted)) {
                    yield currencyMismatch(wanted);
                }
                if (refundCount >= REFUNDS_MAX) {
                    yield refused(ProblemCode.REFUNDS_EXHAUSTED);
                }
                yield wanted.minorUnits() > refundableMinorUnits()
                        ? exceeds(ProblemCode.REFUND_EXCEEDS_CAPTURE, wanted, refundableMinorUnits(), "left to refund")
                        : new Decision.Booked(Kind.REFUNDED, wanted);
            }
        };
    }

    Authorization evolve(LedgerEntry entry) {
        return switch (entry.kind()) {
            case CAPTURED -> with(Status.CAPTURED, entry.amount(), refundedAmount, refundCount, entry.time());
            case VOIDED -> with(Status.VOIDED, capturedAmount, refundedAmount, refundCount, entry.time());
            case REFUNDED -> {
                long sum = refundedAmount.minorUnits() + entry.amount().minorUnits();
                var reached = sum == capturedAmount.minorUnits() ? Status.REFUNDED : Status.PARTIALLY_REFUNDED;
                yield with(
                        reached,
                        capturedAmount,
                        new Amount(sum, amount.currency()),
                        Math.addExact(refundCount, 1),
                        entry.time());
            }
            case AUTHORIZED, DECLINED -> throw new IllegalStateException("authorization " + id + " exists already");
        };
    }

    long releasedMinorUnits() {
        return capturedAmount.minorUnits() == 0 ? 0 : amount.minorUnits() - capturedAmount.minorUnits();
    }

    private long refundableMinorUnits() {
        return capturedAmount.minorUnits() - refundedAmount.minorUnits();
    }

    private boolean isForeign(Amount wanted) {
        return !wanted.currency().equals(amount.currency());
    }

    private Decision currencyMismatch(Amount wanted) {
        return new Decision.Refused(
                ProblemCode.CURRENCY_MISMATCH,
                "Authorization " + id + " is in " + amount.currency() + ", not in " + wanted.currency() + ".");
    }

    private Decision refused(ProblemCode code) {
        return new Decision.Refused(code, "Authorization " + id + " is " + status + ".");
    }

    private Decision exceeds(ProblemCode code, Amount wanted, long limit, String what) {
        return new Decision.Refused(
                code,
                "Authorization " + id + " has " + limit + " minor units " + what + ", but the request is for "
                        + wanted.minorUnits() + ".");
    }

    private Authorization with(Status reached, Amount captured, Amount refunded, int refunds, Instant at) {
        return new Authorization(
                id,
                reached,
                declineCode,
                amount,
                captured,
                refunded,
                refunds,
                reference,
                idempotencyKey,
                createdAt,
                at);
    }
}
