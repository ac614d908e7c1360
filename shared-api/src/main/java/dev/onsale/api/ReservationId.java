package dev.onsale.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names one reservation. Travels as the canonical text of its UUID. */
public record ReservationId(UUID value) {

    /**
     * @throws InvalidValueException if the text is not a UUID
     */
    @JsonCreator
    public static ReservationId of(String text) {
        return new ReservationId(Ids.parseUuid("ReservationId", text));
    }

    /** A new identifier that sorts by the time it was made (UUID version 7). */
    public static ReservationId next() {
        return new ReservationId(Ids.timeOrdered());
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
