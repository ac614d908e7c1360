package dev.onsale.query.column;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.time.Instant;

/** ISO 8601 in UTC with all digits. A DATETIME would pass through the time zones of JVM, driver and session. */
@Converter
public final class InstantText implements AttributeConverter<Instant, String> {

    @Override
    public String convertToDatabaseColumn(Instant instant) {
        return instant.toString();
    }

    @Override
    public Instant convertToEntityAttribute(String text) {
        return Instant.parse(text);
    }
}
