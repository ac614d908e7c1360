package dev.onsale.eventlog;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.LogicalType;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Stores what has a {@link LogicalType} under that name and version, so that Java packages stay free to move. Everything
 * else (Axon's own tokens and metadata) keeps its class name.
 */
public final class LogicalTypeSerializer extends Jackson3Serializer {

    private final Map<String, String> classNameByLogicalName;

    /**
     * @param others classes with a {@link LogicalType} that are no events
     */
    public static LogicalTypeSerializer with(Collection<StoredTypes> others) {
        Map<String, String> names = new HashMap<>();
        EventCatalogue.all().forEach(event -> register(names, event));
        others.forEach(types -> types.classes().forEach(type -> register(names, type)));
        return new LogicalTypeSerializer(names);
    }

    private LogicalTypeSerializer(Map<String, String> classNameByLogicalName) {
        super(Jackson3Serializer.builder());
        this.classNameByLogicalName = Map.copyOf(classNameByLogicalName);
    }

    private static void register(Map<String, String> names, Class<?> type) {
        String name = EventCatalogue.typeOf(type).value();
        if (names.put(name, type.getName()) != null) {
            throw new IllegalStateException("Two stored types are named " + name);
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // The signature is Axon's.
    public SerializedType typeForClass(@Nullable Class type) {
        LogicalType logical = type == null ? null : ((Class<?>) type).getAnnotation(LogicalType.class);
        return logical == null
                ? super.typeForClass(type)
                : new SimpleSerializedType(logical.value(), Integer.toString(logical.version()));
    }

    @Override
    protected String resolveClassName(SerializedType serializedType) {
        return classNameByLogicalName.getOrDefault(serializedType.getName(), serializedType.getName());
    }
}
