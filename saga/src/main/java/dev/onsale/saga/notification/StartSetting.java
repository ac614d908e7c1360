package dev.onsale.saga.notification;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Where notifications begin if nothing is stored yet. */
sealed interface StartSetting {

    record Now() implements StartSetting {}

    record Beginning() implements StartSetting {}

    record At(Instant instant) implements StartSetting {}

    /** @throws IllegalArgumentException for what is none of the three */
    static StartSetting of(String text) {
        return switch (text) {
            case "now" -> new Now();
            case "beginning" -> new Beginning();
            default -> at(text);
        };
    }

    private static StartSetting at(String text) {
        try {
            return new At(Instant.parse(text));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "onsale.notification.start is now, beginning or an instant such as 2026-06-01T12:00:00Z, not "
                            + text,
                    e);
        }
    }
}
