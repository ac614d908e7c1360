package dev.onsale.saga.payment;

import java.util.Locale;

/** What the gateway is asked to do. A gateway may do one thing and fail at another. */
enum GatewayOperation {
    AUTHORIZE,
    CAPTURE,
    CANCEL,
    REFUND,
    /** Looks: at payments, refunds and disputes. */
    READ;

    /** In metrics, health and the log. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
