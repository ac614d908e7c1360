package dev.onsale.platform.http;

import dev.onsale.api.InvalidValueException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Times as clients may write them, in bodies and in queries: ISO 8601 text with an offset, of the years 1970 to 9999, and ISO 8601
 * durations of at most 100 years. A number is no time: milliseconds would be taken for seconds.
 */
final class StrictTimeFormats {

    static final Instant MIN = Instant.EPOCH;
    static final Instant MAX = Instant.parse("9999-12-31T23:59:59.999999999Z");
    static final Duration DURATION_MAX = Duration.ofDays(36_525);

    private static final int LENGTH_MAX = 40;

    private StrictTimeFormats() {}

    /**
     * @throws InvalidValueException if it is not of that form, or out of range
     */
    static Instant instant(String text) {
        if (text.length() <= LENGTH_MAX) {
            try {
                Instant instant = DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
                if (!instant.isBefore(MIN) && !instant.isAfter(MAX)) {
                    return instant;
                }
            } catch (DateTimeException malformed) {
                // Said below: the parser's own words repeat the text.
            }
        }
        throw new InvalidValueException(
                "A time is ISO 8601 text with an offset, such as 2026-11-30T20:00:00Z, of the years 1970 to 9999");
    }

    /**
     * @throws InvalidValueException if it is not of that form, or out of range
     */
    static Duration duration(String text) {
        if (text.length() <= LENGTH_MAX) {
            try {
                Duration duration = Duration.parse(text);
                if (duration.abs().compareTo(DURATION_MAX) <= 0) {
                    return duration;
                }
            } catch (DateTimeException | ArithmeticException malformed) {
                // Said below: the parser's own words repeat the text.
            }
        }
        throw new InvalidValueException("A duration is ISO 8601 text, such as PT5M, of at most 100 years");
    }

    static SimpleModule module() {
        return new SimpleModule("strict-times")
                .addDeserializer(Instant.class, new Text<>(Instant.class, StrictTimeFormats::instant))
                .addDeserializer(Duration.class, new Text<>(Duration.class, StrictTimeFormats::duration));
    }

    private static final class Text<T> extends ValueDeserializer<T> {

        private final Class<T> type;
        private final java.util.function.Function<String, T> read;

        Text(Class<T> type, java.util.function.Function<String, T> read) {
            this.type = type;
            this.read = read;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return type.cast(context.handleUnexpectedToken(type, parser));
            }
            return read.apply(parser.getString());
        }
    }
}
