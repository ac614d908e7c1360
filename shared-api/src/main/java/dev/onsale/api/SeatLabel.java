package dev.onsale.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names a seat within its hall: the {@code seat_guid} of the seating plan, 1 to 100 characters, case matters. */
public record SeatLabel(String value) implements Comparable<SeatLabel> {

    static final int LENGTH_MAX = 100;

    public SeatLabel {
        if (!Texts.isText(value, LENGTH_MAX) || !value.strip().equals(value)) {
            throw new InvalidValueException("A seat label has 1 to 100 characters and no space at its ends");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException("A seat label has no control characters");
        }
    }

    /**
     * @throws InvalidValueException if the text has another form
     */
    @JsonCreator
    public static SeatLabel of(String text) {
        return new SeatLabel(text);
    }

    @Override
    public int compareTo(SeatLabel other) {
        return value.compareTo(other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
