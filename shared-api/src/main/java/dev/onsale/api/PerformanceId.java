package dev.onsale.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names one performance: an evening in a hall, sold once. Travels as the canonical text of its UUID. */
public record PerformanceId(UUID value) {

    /**
     * @throws InvalidValueException if the text is not a UUID
     */
    @JsonCreator
    public static PerformanceId of(String text) {
        return new PerformanceId(Ids.parseUuid("PerformanceId", text));
    }

    /** A new identifier that sorts by the time it was made (UUID version 7). */
    public static PerformanceId next() {
        return new PerformanceId(Ids.timeOrdered());
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
