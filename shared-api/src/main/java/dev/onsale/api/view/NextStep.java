package dev.onsale.api.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the buyer can do about a reservation now.
 *
 * @param action what can be done
 * @param until first instant at which it can be done no more, or by which the outcome is known; absent if there is no limit
 * @param reason code of why things stand so, such as {@code GATEWAY_UNAVAILABLE}; absent if nothing went wrong
 */
public record NextStep(
        Action action, @Nullable Instant until, @Nullable String reason) {

    /** What a buyer can do. */
    public enum Action {
        /** Pay, or cancel. */
        PAY,
        /** The last payment took no money: pay again, in the same or another way, or cancel. */
        PAY_AGAIN,
        /** A payment is under way; look again. */
        WAIT,
        /** The bank asks the buyer to authenticate, with the payment's {@code clientSecret}. */
        AUTHENTICATE,
        /** Cancel the booking; the payment is refunded. */
        CANCEL,
        /** Nothing; it is over. */
        NONE
    }
}
