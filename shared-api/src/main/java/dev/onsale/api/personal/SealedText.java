package dev.onsale.api.personal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Something of a person that only the key of that person opens. It may be stored and told to everybody; once the key is erased it
 * means nothing.
 *
 * @param value version of the form, identifier of the key, and the ciphertext
 */
public record SealedText(String value) {

    @JsonCreator
    public static SealedText of(String text) {
        return new SealedText(text);
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
