package dev.onsale.paymentsimulator;

/** Every way to say no, with its HTTP status. The names are part of the HTTP API: a rename breaks clients. */
enum ProblemCode {
    BODY_MALFORMED(400, "The body is not the JSON that is expected"),
    FIELD_MISSING(400, "A field is missing"),
    FIELD_UNKNOWN(400, "A field is not known"),
    FIELD_INVALID(400, "A field is not valid"),
    AMOUNT_INVALID(400, "The amount is not valid"),
    CURRENCY_UNKNOWN(400, "The currency is not known"),
    PAYMENT_TOKEN_UNKNOWN(400, "The test payment token is not known"),
    QUERY_INVALID(400, "A query parameter is not valid"),
    IDEMPOTENCY_KEY_MISSING(400, "The Idempotency-Key header is missing"),
    IDEMPOTENCY_KEY_INVALID(400, "The Idempotency-Key header is not valid"),
    ROUTE_UNKNOWN(404, "There is nothing at this address"),
    AUTHORIZATION_UNKNOWN(404, "There is no such authorization"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    BODY_TIMED_OUT(408, "The body did not arrive in time"),
    IDEMPOTENCY_KEY_IN_FLIGHT(409, "A request with this key is still under way"),
    AUTHORIZATION_DECLINED(409, "The authorization was declined"),
    ALREADY_CAPTURED(409, "The authorization is captured already"),
    ALREADY_VOIDED(409, "The authorization is voided"),
    ALREADY_REFUNDED(409, "The whole capture is refunded already"),
    NOT_CAPTURED(409, "The authorization is not captured"),
    CAPTURE_EXCEEDS_AUTHORIZATION(409, "More than was authorized cannot be captured"),
    REFUND_EXCEEDS_CAPTURE(409, "More than was captured cannot be refunded"),
    REFUNDS_EXHAUSTED(409, "The authorization has as many refunds as it may have"),
    CURRENCY_MISMATCH(409, "The currency is not that of the authorization"),
    BODY_TOO_LARGE(413, "The body is too large"),
    MEDIA_TYPE_UNSUPPORTED(415, "The body must be application/json"),
    IDEMPOTENCY_KEY_REUSED(422, "The key belongs to another request"),
    INTERNAL_ERROR(500, "The simulator failed"),
    INJECTED_FAULT(500, "The simulator was told to fail"),
    OVERLOADED(503, "Too many requests are under way"),
    IDEMPOTENCY_STORE_FULL(503, "No more idempotency keys can be kept"),
    LEDGER_FULL(503, "No more charges can be kept"),
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

    /** Seconds after which a repeat makes sense, 0 where waiting alone does not help. */
    int retryAfterSeconds() {
        return switch (this) {
            case IDEMPOTENCY_KEY_IN_FLIGHT, OVERLOADED -> 1;
            case IDEMPOTENCY_STORE_FULL -> 60;
            default -> 0;
        };
    }
}
