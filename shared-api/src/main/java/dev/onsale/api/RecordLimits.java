package dev.onsale.api;

/**
 * Sizes, in bytes, that one fact may have on its way through the database and Kafka. Every limit of the store, the publisher,
 * the topics and the dead letters is derived from the values here, so that what can be stored can also be published.
 */
public final class RecordLimits {

    /** UTF-8 JSON of one fact. A performance of 100,000 seats with ordinary labels has about 9 MB. */
    public static final int FACT_BYTES_MAX = 12 << 20;

    /** The JSON of one fact as a string literal of SQL, in which quotes and backslashes are escaped. */
    public static final int FACT_LITERAL_BYTES_MAX = 14 << 20;

    /** {@code max_allowed_packet} that the database must have: a literal and the rest of its statement. */
    public static final int STATEMENT_BYTES_MIN = 16 << 20;

    /** A record of Kafka before compression: a fact with its headers. */
    public static final int RECORD_BYTES_MAX = 16 << 20;

    /** A dead letter: a record with the stack trace of its failure. */
    public static final int DEAD_LETTER_BYTES_MAX = 32 << 20;

    private RecordLimits() {}

    /** Whether a fact of this JSON can be stored, published and consumed. */
    public static boolean fits(byte[] json) {
        return json.length <= FACT_BYTES_MAX && literalBytes(json) <= FACT_LITERAL_BYTES_MAX;
    }

    private static long literalBytes(byte[] json) {
        long bytes = json.length;
        for (byte one : json) {
            if (one == '"' || one == '\\' || one == '\'') {
                bytes++;
            }
        }
        return bytes;
    }
}
