package dev.onsale.eventlog;

import tools.jackson.databind.json.JsonMapper;

/** The one way in which facts become JSON: in the store, on Kafka and in an export. */
public final class EventJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private EventJson() {}

    /**
     * Instants and durations are ISO 8601 text, absent values are {@code null}, properties a reader does not know are
     * skipped: all of them Jackson 3 defaults, kept on purpose. A change here is a migration of the store.
     */
    public static JsonMapper mapper() {
        return MAPPER;
    }
}
