package dev.onsale.query.column;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** ISO 8601 in UTC with all digits. A DATETIME would pass through the time zones of JVM, driver and session. */
@Converter(autoApply = true)
public final class InstantText implements AttributeConverter<@Nullable Instant, @Nullable String> {

    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    @Override
    public @Nullable Instant convertToEntityAttribute(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }
}
