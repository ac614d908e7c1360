package dev.onsale.query.column;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** ISO 8601, such as {@code PT5M}. */
@Converter(autoApply = true)
public final class DurationText implements AttributeConverter<@Nullable Duration, @Nullable String> {

    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable Duration duration) {
        return duration == null ? null : duration.toString();
    }

    @Override
    public @Nullable Duration convertToEntityAttribute(@Nullable String text) {
        return text == null ? null : Duration.parse(text);
    }
}
