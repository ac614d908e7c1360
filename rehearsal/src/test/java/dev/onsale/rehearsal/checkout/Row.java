package dev.onsale.rehearsal.checkout;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationHeld;

/** Every call that a checkout makes to the command side or the gateway, in the order of the saga. */
enum Row {
    INITIATE("InitiatePayment", Story.BOOKS, PaymentRequested.class),
    REDEEM_COUPON("RedeemCoupon", Story.BOOKS, PaymentRequested.class),
    AUTHORIZE("gateway authorize", Story.BOOKS, PaymentRequested.class),
    RECORD_DELAY("RecordDelay", Story.ANSWER_LOST, PaymentRequested.class),
    FIND_WHAT_BECAME_OF_IT("gateway find", Story.ANSWER_LOST, PaymentRequested.class),
    RECORD_AUTHORIZATION("RecordAuthorization", Story.BOOKS, PaymentRequested.class),
    CONFIRM("ConfirmReservation", Story.BOOKS, PaymentAuthorized.class),
    CAPTURE("gateway capture", Story.BOOKS, ReservationConfirmed.class),
    RECORD_CAPTURE("RecordCapture", Story.BOOKS, ReservationConfirmed.class),
    RECORD_DECLINE("RecordDecline", Story.DECLINED, PaymentRequested.class),
    RESTORE_COUPON_AFTER_DECLINE("RestoreCoupon", Story.DECLINED, PaymentRequested.class),
    FAIL("FailPayment", Story.DECLINED, PaymentDeclined.class),
    FIND_WHAT_TO_RETURN("gateway find", Story.VOIDED, PaymentAuthorized.class),
    VOID("gateway void", Story.VOIDED, PaymentAuthorized.class),
    RECORD_VOID("RecordVoid", Story.VOIDED, PaymentAuthorized.class),
    RESTORE_COUPON_AFTER_VOID("RestoreCoupon", Story.VOIDED, PaymentAuthorized.class),
    REFUND("gateway refund", Story.REFUNDED, ReservationCancelled.class),
    RECORD_REFUND("RecordRefund", Story.REFUNDED, ReservationCancelled.class),
    RESTORE_COUPON_AFTER_REFUND("RestoreCoupon", Story.REFUNDED, ReservationCancelled.class),
    REVOKE("RevokeBooking", Story.REVOKED, PaymentRequested.class),
    DEBIT_POINTS("DebitPoints", Story.BOOKS_WITH_POINTS, PaymentRequested.class),
    REFUND_POINTS("RefundPoints", Story.REFUNDED_POINTS, ReservationCancelled.class),
    EXPIRE("ExpireReservation", Story.UNPAID, ReservationHeld.class),
    CONFIRM_LATE("ConfirmReservation", Story.LATE, PaymentAuthorized.class);

    /** The result of the checkout without a disturbance. */
    enum Story {
        BOOKS,
        ANSWER_LOST,
        DECLINED,
        /** The buyer cancels when the reservation would be booked. */
        VOIDED,
        /** The buyer cancels the booking. */
        REFUNDED,
        /** The gateway voids the authorisation before the capture. */
        REVOKED,
        BOOKS_WITH_POINTS,
        REFUNDED_POINTS,
        UNPAID,
        /** The hold has ended and another buyer has the seat before the authorisation is recorded. */
        LATE
    }

    final String call;
    final Story story;

    /** The event behind the call, which the saga gets twice or late: the last before it, unless a late one came too late. */
    final Class<? extends OnsaleEvent> trigger;

    Row(String call, Story story, Class<? extends OnsaleEvent> trigger) {
        this.call = call;
        this.story = story;
        this.trigger = trigger;
    }

    boolean isToGateway() {
        return call.startsWith("gateway ");
    }

    /** Whether the cells of this row depend on the end of the hold. */
    boolean isInSecondAct() {
        return story == Story.UNPAID || story == Story.LATE;
    }

    boolean withPoints() {
        return story == Story.BOOKS_WITH_POINTS || story == Story.REFUNDED_POINTS;
    }

    boolean cancelsWhatIsBooked() {
        return story == Story.REFUNDED || story == Story.REFUNDED_POINTS;
    }

    boolean isOverBeforeTheCall() {
        return story == Story.VOIDED || cancelsWhatIsBooked() || isInSecondAct();
    }

    boolean books() {
        return story == Story.BOOKS || story == Story.ANSWER_LOST || story == Story.BOOKS_WITH_POINTS;
    }
}
