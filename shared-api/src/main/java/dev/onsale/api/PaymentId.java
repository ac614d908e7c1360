package dev.onsale.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names one attempt to pay for a reservation; it is also the idempotency key towards the gateway. Travels as the canonical text of its UUID. */
public record PaymentId(UUID value) {

    /**
     * @throws InvalidValueException if the text is not a UUID
     */
    @JsonCreator
    public static PaymentId of(String text) {
        return new PaymentId(Ids.parseUuid("PaymentId", text));
    }

    /** A new identifier that sorts by the time it was made (UUID version 7). */
    public static PaymentId next() {
        return new PaymentId(Ids.timeOrdered());
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
