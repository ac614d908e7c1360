package dev.onsale.command.bus;

import dev.onsale.api.InvalidValueException;
import dev.onsale.eventlog.EventJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the JSON of a request that may have no body. WebFlux refuses a DELETE without a body and a content type, if its parameter is
 * anything but bytes.
 */
public final class OptionalBody {

    /** Whoever asks for something that there is not must not get something else: a DELETE cannot be taken back. */
    private static final JsonMapper MAPPER = EventJson.mapper()
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private OptionalBody() {}

    /**
     * @return {@code null} without a body
     * @throws InvalidValueException if the body is not the expected JSON
     */
    public static <T> @Nullable T read(byte @Nullable [] body, Class<T> type) {
        if (body == null || body.length == 0) {
            return null;
        }
        try {
            return MAPPER.readValue(body, type);
        } catch (JacksonException e) {
            throw new InvalidValueException("The body is not the expected JSON");
        }
    }
}
