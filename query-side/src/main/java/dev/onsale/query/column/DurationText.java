package dev.onsale.query.column;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.time.Duration;

/** ISO 8601, such as {@code PT5M}. */
@Converter
public final class DurationText implements AttributeConverter<Duration, String> {

    @Override
    public String convertToDatabaseColumn(Duration duration) {
        return duration.toString();
    }

    @Override
    public Duration convertToEntityAttribute(String text) {
        return Duration.parse(text);
    }
}
