package dev.onsale.api;

/**
 * Why an order was refused: a stable code for programs, with the kind of refusal. A refusal is an answer and no failure:
 * nothing was written and a repeat of the same order meets the same rule.
 */
public enum RefusalCode {
    /** The request is malformed or a value is out of its range. */
    INVALID_REQUEST(Kind.INVALID),
    /** The seating plan cannot be sold as it is; the detail says which zone, row or seat. */
    INVALID_SEATING_PLAN(Kind.INVALID),
    /** A window that ends before it starts or has already ended. */
    INVALID_WINDOW(Kind.INVALID),
    /** The same seat twice in one request. */
    DUPLICATE_SEAT(Kind.INVALID),
    /** A seat that the seating plan does not have. */
    UNKNOWN_SEAT(Kind.INVALID),
    /** No category of the plan has a price, or a price or an order names no category. */
    UNKNOWN_PRICE_ZONE(Kind.INVALID),
    /** The Idempotency-Key header is missing. */
    IDEMPOTENCY_KEY_MISSING(Kind.INVALID),
    /** The Idempotency-Key was used before with another request. */
    IDEMPOTENCY_KEY_REUSED(Kind.UNPROCESSABLE),
    /** The first request with this Idempotency-Key is still being worked on. */
    REQUEST_IN_FLIGHT(Kind.CONFLICT),

    PERFORMANCE_NOT_FOUND(Kind.NOT_FOUND),
    RESERVATION_NOT_FOUND(Kind.NOT_FOUND),
    CAMPAIGN_NOT_FOUND(Kind.NOT_FOUND),
    COUPON_NOT_FOUND(Kind.NOT_FOUND),
    PAYMENT_NOT_FOUND(Kind.NOT_FOUND),
    /** No fact of such a sale is sealed. */
    SALE_NOT_FOUND(Kind.NOT_FOUND),
    SEAL_NOT_FOUND(Kind.NOT_FOUND),
    /** No personal data of this person was ever kept. */
    PERSONAL_DATA_NOT_FOUND(Kind.NOT_FOUND),
    /** There is no projection of that name. */
    PROJECTION_NOT_FOUND(Kind.NOT_FOUND),
    /** A rebuild of the projection is under way. */
    REBUILD_RUNNING(Kind.CONFLICT),
    /** There is nothing to switch to, to go back to or to cancel. */
    REBUILD_NOT_READY(Kind.CONFLICT),
    /** There is no fact of that name and version. */
    SCHEMA_NOT_FOUND(Kind.NOT_FOUND),
    /** There is no such step of a payment; it may have ended. */
    STEP_NOT_FOUND(Kind.NOT_FOUND),
    DEAD_LETTER_NOT_FOUND(Kind.NOT_FOUND),
    /** The dead letter was taken or dropped already. */
    DEAD_LETTER_SETTLED(Kind.CONFLICT),
    /** Another dead letter of the same key is before it; the detail says which. */
    DEAD_LETTER_NOT_FIRST(Kind.CONFLICT),
    WAITING_ROOM_NOT_FOUND(Kind.NOT_FOUND),
    VISITOR_NOT_FOUND(Kind.NOT_FOUND),
    /** As many wait as the room takes. */
    WAITING_ROOM_FULL(Kind.UNAVAILABLE),

    /** The sale window has not begun. */
    SALE_NOT_OPEN(Kind.CONFLICT),
    /** The sale window is over or an operator closed the sale. */
    SALE_CLOSED(Kind.CONFLICT),
    /** The show was called off. */
    PERFORMANCE_CALLED_OFF(Kind.CONFLICT),
    /** The performance is not in a state that allows this step. */
    PERFORMANCE_STATE_CONFLICT(Kind.CONFLICT),
    /** The show was not called off. */
    CALL_OFF_NOT_FOUND(Kind.NOT_FOUND),
    /** The seat's category has no price. */
    SEAT_NOT_FOR_SALE(Kind.CONFLICT),
    /** An operator blocked the seat. */
    SEAT_BLOCKED(Kind.CONFLICT),
    /** Seats to be blocked are held or booked; the errors say which. */
    SEATS_NOT_FREE(Kind.CONFLICT),
    /** The show has begun or the sale is over for good: its terms no longer change. */
    SALE_OVER(Kind.CONFLICT),
    /** Somebody changed the sale after the revision that the request names; the errors say what. */
    CHANGED_MEANWHILE(Kind.CONFLICT),
    /** As {@link #CHANGED_MEANWHILE}, for a revision in {@code If-Match}. */
    STALE_REVISION(Kind.PRECONDITION),
    /** A price of zero or less, or of another currency than the sale's. */
    INVALID_PRICE(Kind.INVALID),
    /** Another buyer holds or owns the seat. */
    SEAT_TAKEN(Kind.CONFLICT),
    /** The price zone, or the whole hall, has fewer free seats than were asked for. */
    NOT_ENOUGH_SEATS(Kind.CONFLICT),
    /** The buyer would exceed the limit of seats per person. */
    ALLOWANCE_EXCEEDED(Kind.CONFLICT),
    /** More seats in one request than a reservation may have. */
    TOO_MANY_SEATS(Kind.INVALID),
    /** The hold is over; the seats went back on sale. */
    HOLD_EXPIRED(Kind.CONFLICT),
    /** The fencing token is older than the seat's current one: a newer hold has the seat. */
    STALE_FENCING_TOKEN(Kind.CONFLICT),
    /** A payment for this reservation is under way. */
    PAYMENT_IN_FLIGHT(Kind.CONFLICT),
    /** The reservation is already paid and booked. */
    ALREADY_CONFIRMED(Kind.CONFLICT),
    /** The reservation was cancelled. */
    ALREADY_CANCELLED(Kind.CONFLICT),
    /** The reservation does not have the seat, or no longer. */
    SEAT_NOT_IN_RESERVATION(Kind.CONFLICT),
    /** The buyer can no longer cancel a booking of this performance. */
    CANCELLATION_CLOSED(Kind.CONFLICT),
    /** The code is not a ticket that this system has signed. */
    TICKET_INVALID(Kind.INVALID),
    /** The reservation has no ticket for such a seat: it is not booked, or not of this reservation. */
    TICKET_NOT_FOUND(Kind.NOT_FOUND),
    /** The seat is not booked by the booking of this ticket any more: it was cancelled or changed. */
    TICKET_VOID(Kind.CONFLICT),
    /** The ticket was used at the entrance; {@code errors} names the seat and the time. */
    TICKET_USED(Kind.CONFLICT),
    /** The buyer's personal data was erased before the payment was sent, the card's token with it; as the reason of a decline. */
    PERSONAL_DATA_ERASED(Kind.CONFLICT),
    /** The payment is not in a state that allows this step. */
    PAYMENT_STATE_CONFLICT(Kind.CONFLICT),

    /** Every coupon of the campaign has been issued. */
    SOLD_OUT(Kind.CONFLICT),
    /** The buyer already has as many coupons of this campaign as one person may have. */
    ALREADY_ISSUED(Kind.CONFLICT),
    /** The issue window has not begun. */
    CAMPAIGN_NOT_OPEN(Kind.CONFLICT),
    /** The issue window is over or an operator closed the campaign. */
    CAMPAIGN_CLOSED(Kind.CONFLICT),
    /** The coupon is not for this price: below its minimum, or in another currency. */
    COUPON_NOT_APPLICABLE(Kind.CONFLICT),
    /** The amount due is not the one that the buyer named. */
    AMOUNT_MISMATCH(Kind.CONFLICT),
    /** The wallet has too few points. */
    INSUFFICIENT_POINTS(Kind.CONFLICT),
    /** More points than a wallet can hold. */
    WALLET_FULL(Kind.CONFLICT),
    /** The call is not signed by the gateway, or its time is not now. */
    WEBHOOK_REFUSED(Kind.INVALID),
    /** The coupon was already redeemed. */
    COUPON_REDEEMED(Kind.CONFLICT),
    /** An operator revoked the coupon. */
    COUPON_REVOKED(Kind.CONFLICT),
    /** More coupons are issued than the campaign is to have. */
    QUANTITY_BELOW_ISSUED(Kind.CONFLICT),
    /** The coupon is not redeemed by this reservation, so it cannot be restored. */
    COUPON_NOT_REDEEMED(Kind.CONFLICT),

    /** No bearer token, or one that cannot be verified. */
    UNAUTHENTICATED(Kind.UNAUTHENTICATED),
    /** The bearer token does not carry the needed role, or names somebody else. */
    FORBIDDEN(Kind.FORBIDDEN),
    /** The sale has a waiting room and the buyer has not been admitted. */
    NOT_ADMITTED(Kind.FORBIDDEN),
    /** The admission token was used before. */
    ADMISSION_TOKEN_USED(Kind.CONFLICT),
    /** The admission token is malformed, expired, or for another buyer or sale. */
    ADMISSION_TOKEN_INVALID(Kind.FORBIDDEN),

    /** The waiting room asks for a proof of work first, or the one that was sent is wrong, expired or used. */
    PROOF_OF_WORK_REQUIRED(Kind.FORBIDDEN),

    /** Too many requests; the answer says when to try again. */
    RATE_LIMITED(Kind.RATE_LIMITED),
    /** The read models have not seen the position that the request names. */
    NOT_YET_VISIBLE(Kind.UNAVAILABLE),
    /** The command was not taken: too many wait, or the node stops or does not lead. Certainly nothing was done. */
    OVERLOADED(Kind.UNAVAILABLE),
    /** A part of the system is away, or the outcome of a command is unknown. A repeat with the same key returns it. */
    TEMPORARILY_UNAVAILABLE(Kind.UNAVAILABLE);

    private final Kind kind;

    RefusalCode(Kind kind) {
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What sort of "no" it is; HTTP turns it into a status. */
    public enum Kind {
        INVALID,
        UNAUTHENTICATED,
        FORBIDDEN,
        NOT_FOUND,
        CONFLICT,
        PRECONDITION,
        UNPROCESSABLE,
        RATE_LIMITED,
        UNAVAILABLE
    }
}
