package dev.onsale.query.column;

import dev.onsale.eventlog.EventJson;
import jakarta.persistence.AttributeConverter;
import tools.jackson.core.type.TypeReference;

/** The JSON of the facts themselves, so that a column reads like the event it came from. */
public abstract class JsonText<T> implements AttributeConverter<T, String> {

    private final TypeReference<T> type;

    protected JsonText(TypeReference<T> type) {
        this.type = type;
    }

    @Override
    public final String convertToDatabaseColumn(T value) {
        return EventJson.mapper().writeValueAsString(value);
    }

    @Override
    public final T convertToEntityAttribute(String json) {
        return EventJson.mapper().readValue(json, type);
    }
}
