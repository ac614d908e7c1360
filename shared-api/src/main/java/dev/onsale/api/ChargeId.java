package dev.onsale.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names one charge of a wallet; derived from the buyer and the idempotency key. */
public record ChargeId(UUID value) {

    /**
     * @throws InvalidValueException if the text is no UUID
     */
    @JsonCreator
    public static ChargeId of(String text) {
        return new ChargeId(Ids.parseUuid("A charge id", text));
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
