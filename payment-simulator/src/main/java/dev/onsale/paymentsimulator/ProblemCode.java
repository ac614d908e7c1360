package dev.onsale.paymentsimulator;

/** Refusals with their HTTP status. The names are part of the HTTP API. */
enum ProblemCode {
    BODY_MALFORMED(400, "The body is not the expected JSON"),
    FIELD_MISSING(400, "A field is missing"),
    FIELD_UNKNOWN(400, "A field is unknown"),
    FIELD_INVALID(400, "A field is not valid"),
    AMOUNT_INVALID(400, "The amount is not valid"),
    CURRENCY_UNKNOWN(400, "The currency is unknown"),
    PAYMENT_TOKEN_UNKNOWN(400, "The test payment token is unknown"),
    QUERY_INVALID(400, "A query parameter is not valid"),
    IDEMPOTENCY_KEY_MISSING(400, "The Idempotency-Key header is missing"),
    IDEMPOTENCY_KEY_INVALID(400, "The Idempotency-Key header is not valid"),
    ROUTE_UNKNOWN(404, "The path does not exist"),
    AUTHORIZATION_UNKNOWN(404, "The authorization does not exist"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed for this path"),
    BODY_TIMED_OUT(408, "The body did not arrive in time"),
    IDEMPOTENCY_KEY_IN_FLIGHT(409, "A request with this key is still in progress"),
    AUTHORIZATION_DECLINED(409, "The authorization was declined"),
    ALREADY_CAPTURED(409, "The authorization is already captured"),
    ALREADY_VOIDED(409, "The authorization is voided"),
    ALREADY_REFUNDED(409, "The capture is already fully refunded"),
    NOT_CAPTURED(409, "The authorization is not captured"),
    CAPTURE_EXCEEDS_AUTHORIZATION(409, "The capture exceeds the authorization"),
    REFUND_EXCEEDS_CAPTURE(409, "The refund exceeds the capture"),
    REFUNDS_EXHAUSTED(409, "The authorization has the maximum number of refunds"),
    CURRENCY_MISMATCH(409, "The currency differs from that of the authorization"),
    BODY_TOO_LARGE(413, "The body is too large"),
    MEDIA_TYPE_UNSUPPORTED(415, "The body must be application/json"),
    IDEMPOTENCY_KEY_REUSED(422, "The key belongs to another request"),
    INTERNAL_ERROR(500, "The simulator failed"),
    INJECTED_FAULT(500, "An injected fault"),
    OVERLOADED(503, "Too many requests are in progress"),
    IDEMPOTENCY_STORE_FULL(503, "The store of idempotency keys is full"),
    LEDGER_FULL(503, "The ledger is full"),
    LEDGER_UNAVAILABLE(503, "The ledger cannot be written");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** Seconds until a retry makes sense, 0 if waiting does not help. */
    int retryAfterSeconds() {
        return switch (this) {
            case IDEMPOTENCY_KEY_IN_FLIGHT, OVERLOADED -> 1;
            case IDEMPOTENCY_STORE_FULL -> 60;
            default -> 0;
        };
    }
}
