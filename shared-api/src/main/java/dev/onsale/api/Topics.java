package dev.onsale.api;

/**
 * The Kafka topics and record headers under which facts are told to the world (CloudEvents, binary mode). The record key
 * is the sale, so that the facts of one sale keep their order; the value is the fact as JSON.
 */
public final class Topics {

    /**
     * Facts of performances, seats, reservations, allowances and payments; key: performance id. Also that personal data was
     * erased; key: the erased key.
     */
    public static final String RESERVATION_EVENTS = "reservation-events";

    /** Facts of coupon campaigns; key: campaign id. */
    public static final String COUPON_EVENTS = "coupon-events";

    /** Facts of wallets; key: buyer id. */
    public static final String WALLET_EVENTS = "wallet-events";

    /** Events whose notification failed; the key is that of the original record. */
    public static final String NOTIFICATION_DEAD_LETTERS = "notifications.DLT";

    /** Events that an operator gives back to notifications only. */
    public static final String NOTIFICATION_RETRIES = "notifications-retry";

    /** Joins of waiting rooms that take them through Kafka; key: sale. No facts: a queue. */
    public static final String WAITING_ROOM_JOINS = "waiting-room-joins";

    /** Joins that could not be taken; key: sale. */
    public static final String WAITING_ROOM_JOIN_DEAD_LETTERS = WAITING_ROOM_JOINS + ".DLT";

    /** Logical type and version, such as {@code onsale.seat-held.v1}. */
    public static final String HEADER_TYPE = "ce_type";

    /** Identifier of the event; a consumer that has seen it skips it. */
    public static final String HEADER_ID = "ce_id";

    /** Identifier of the aggregate. */
    public static final String HEADER_SUBJECT = "ce_subject";

    /** Number of the event within its aggregate, decimal, from 0 without holes. */
    public static final String HEADER_SEQUENCE = "ce_sequence";

    /** Place of the event in the whole log, decimal, growing within one key. */
    public static final String HEADER_POSITION = "ce_onsaleposition";

    /** When the fact was written down, RFC 3339. */
    public static final String HEADER_TIME = "ce_time";

    /** Kind of aggregate, as in {@code /onsale/Seat}. */
    public static final String HEADER_SOURCE = "ce_source";

    /** CloudEvents version, always {@code 1.0}. */
    public static final String HEADER_SPECVERSION = "ce_specversion";

    /** {@code RESERVATION_SUCCESS}, {@code RESERVATION_FAILED} or {@code RESERVATION_CANCELLED}, on the facts that decide one. */
    public static final String HEADER_OUTCOME = "ce_onsaleoutcome";

    private Topics() {}
}
