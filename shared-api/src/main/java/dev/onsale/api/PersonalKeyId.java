package dev.onsale.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names the key of one person from its making to its erasure; the next key of the same person has another name. */
public record PersonalKeyId(UUID value) {

    /**
     * @throws InvalidValueException if the text is not a UUID
     */
    @JsonCreator
    public static PersonalKeyId of(String text) {
        return new PersonalKeyId(Ids.parseUuid("PersonalKeyId", text));
    }

    /** A new identifier that sorts by the time it was made (UUID version 7). */
    public static PersonalKeyId next() {
        return new PersonalKeyId(Ids.timeOrdered());
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
