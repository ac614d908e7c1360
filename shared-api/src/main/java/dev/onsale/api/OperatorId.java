package dev.onsale.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names a person who operates sales: the subject of the bearer token, 1 to 200 characters. */
public record OperatorId(String value) {

    /** The operator was not recorded. */
    public static final OperatorId UNKNOWN = new OperatorId("unknown");

    private static final int LENGTH_MAX = 200;

    public OperatorId {
        if (!Texts.isText(value, LENGTH_MAX)) {
            throw new InvalidValueException("An operator id has 1 to " + LENGTH_MAX + " characters");
        }
    }

    /**
     * @throws InvalidValueException if the text has another form
     */
    @JsonCreator
    public static OperatorId of(String text) {
        return new OperatorId(text);
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
