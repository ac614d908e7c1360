package dev.onsale.eventlog;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The one way in which facts become JSON: in the store, on Kafka and in an export. */
public final class EventJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Two readers could take two different values of a name that is there twice. */
    private static final JsonMapper STRICT = MAPPER.rebuild()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private EventJson() {}

    /**
     * Instants and durations are ISO 8601 text, absent values are {@code null}, properties a reader does not know are
     * skipped: all of them Jackson 3 defaults, kept on purpose. A change here is a migration of the store.
     */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /**
     * A fact of any version that was ever written, as one of today.
     *
     * @param type logical type, such as {@code onsale.seat-held}
     * @throws UnknownVersionException for a type or version that is not known here
     * @throws tools.jackson.core.JacksonException if the text is not that of the type
     */
    public static OnsaleEvent read(String type, int version, byte[] json) {
        Class<? extends OnsaleEvent> known = known(type, version);
        return version == EventCatalogue.typeOf(known).version()
                ? MAPPER.readValue(json, known)
                : upcast(type, version, known, MAPPER.readTree(json));
    }

    /** The same for text. */
    public static OnsaleEvent read(String type, int version, String json) {
        return read(type, version, json, MAPPER);
    }

    /** The same for text that somebody may have forged: a name that is there twice is refused. */
    public static OnsaleEvent readStrictly(String type, int version, String json) {
        return read(type, version, json, STRICT);
    }

    private static OnsaleEvent read(String type, int version, String json, JsonMapper mapper) {
        Class<? extends OnsaleEvent> known = known(type, version);
        return version == EventCatalogue.typeOf(known).version()
                ? mapper.readValue(json, known)
                : upcast(type, version, known, mapper.readTree(json));
    }

    /** Reads JSON of any kind that somebody may have forged. */
    public static JsonMapper strictMapper() {
        return STRICT;
    }

    private static Class<? extends OnsaleEvent> known(String type, int version) {
        Class<? extends OnsaleEvent> known = EventCatalogue.classOf(type);
        if (known == null || version > EventCatalogue.typeOf(known).version()) {
            throw new UnknownVersionException(type, version);
        }
        return known;
    }

    private static OnsaleEvent upcast(String type, int version, Class<? extends OnsaleEvent> known, JsonNode old) {
        return MAPPER.treeToValue(
                Upcasters.upcast(type, version, EventCatalogue.typeOf(known).version(), old), known);
    }
}
