package dev.onsale.saga.payment;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The header {@code Retry-After}: seconds, or a date (RFC 9110, 10.2.3). */
final class RetryAfter {

    /** More than this is a mistake of the gateway. */
    static final Duration MAX = Duration.ofHours(1);

    private static final int DIGITS_MAX = 9;

    private RetryAfter() {}

    /** Zero if the header is missing or cannot be read. A date counts from the date of the response, not from this node's clock. */
    static Duration of(HttpHeaders headers) {
        String value = headers.firstValue("Retry-After").orElse("").strip();
        Duration pause = value.matches("[0-9]{1," + DIGITS_MAX + "}")
                ? Duration.ofSeconds(Long.parseLong(value))
                : until(value, headers);
        return pause.isNegative() ? Duration.ZERO : pause.compareTo(MAX) > 0 ? MAX : pause;
    }

    private static Duration until(String value, HttpHeaders headers) {
        Optional<Instant> end = instant(value);
        Optional<Instant> now = headers.firstValue("Date").flatMap(RetryAfter::instant);
        return end.isPresent() && now.isPresent() ? Duration.between(now.get(), end.get()) : Duration.ZERO;
    }

    private static Optional<Instant> instant(String date) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }
}
