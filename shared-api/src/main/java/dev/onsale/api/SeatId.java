package dev.onsale.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one seat of one performance. Travels as {@code <performance id>:<seat label>}. */
public record SeatId(PerformanceId performanceId, SeatLabel seat) {

    private static final int UUID_LENGTH = 36;

    /**
     * @throws InvalidValueException if the text has another form
     */
    @JsonCreator
    public static SeatId of(String text) {
        if (text.length() <= UUID_LENGTH + 1 || text.charAt(UUID_LENGTH) != ':') {
            throw new InvalidValueException("A seat id is <performance id>:<seat label>");
        }
        return new SeatId(
                PerformanceId.of(text.substring(0, UUID_LENGTH)), SeatLabel.of(text.substring(UUID_LENGTH + 1)));
    }

    @JsonValue
    @Override
    public String toString() {
        return performanceId + ":" + seat;
    }
}
