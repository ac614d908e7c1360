package dev.onsale.proof.invariant;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.wallet.WalletEvent;

/** Which invariants an event could violate. */
final class ExercisedInvariants {

    private static final Invariant[] OF_ANY = {Invariant.LOG_IN_ORDER, Invariant.SEQUENCES_WITHOUT_HOLES};
    private static final Invariant[] OF_SEATS = {
        Invariant.ONE_HOLDER_PER_SEAT,
        Invariant.SEAT_LIFE,
        Invariant.NO_BLOCKED_SEAT_SOLD,
        Invariant.FENCING_TOKENS_GROW,
        Invariant.ALLOWANCE_KEPT
    };
    private static final Invariant[] OF_RESERVATIONS = {
        Invariant.RESERVATION_LIFE,
        Invariant.PRICE_IN_FORCE,
        Invariant.SEATS_AGREE_WITH_RESERVATIONS,
        Invariant.EVERY_HOLD_ENDS
    };
    private static final Invariant[] OF_COUPONS = {
        Invariant.NO_OVER_ISSUE, Invariant.ONE_COUPON_PER_PERSON, Invariant.RANKS_WITHOUT_HOLES
    };

    private ExercisedInvariants() {}

    static void note(OnsaleEvent fact, Findings findings) {
        findings.exercised(OF_ANY);
        switch (fact) {
            case SeatEvent seat -> findings.exercised(OF_SEATS);
            case ReservationEvent reservation -> findings.exercised(OF_RESERVATIONS);
            case CouponIssued issued -> findings.exercised(OF_COUPONS);
            case CouponRedeemed redeemed -> findings.exercised(Invariant.COUPON_USED_ONCE);
            case PaymentCaptured captured -> findings.exercised(Invariant.MONEY_MATCHES_BOOKINGS);
            case WalletEvent wallet -> findings.exercised(Invariant.WALLETS_ADD_UP);
            default -> {}
        }
    }
}
