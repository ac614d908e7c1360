package dev.onsale.eventlog;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.onsale.api.BuyerId;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of a record as {@link EventJson} writes it. What a new component needs to be described is here or it fails. */
final class SchemaOfRecord {

    private static final JsonMapper JSON = EventJson.mapper();

    private SchemaOfRecord() {}

    static ObjectNode of(Class<?> type, String name) {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$id", "urn:onsale:schema:" + name);
        schema.put("title", name);
        record(schema, type);
        return schema;
    }

    private static void record(ObjectNode schema, Class<?> type) {
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (RecordComponent component : type.getRecordComponents()) {
            ObjectNode property = schema(component.getGenericType());
            if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                String kind = property.path("type").asString();
                property.putArray("type").add(kind).add("null");
            } else {
                required.add(component.getName());
            }
            properties.set(component.getName(), property);
        }
    }

    private static ObjectNode schema(Type type) {
        ObjectNode schema = JSON.createObjectNode();
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            schema.put("type", "array");
            schema.set("items", schema(list.getActualTypeArguments()[0]));
        } else if (type == Instant.class) {
            schema.put("type", "string").put("format", "date-time");
        } else if (type == Duration.class) {
            schema.put("type", "string").put("format", "duration");
        } else if (type == UUID.class) {
            schema.put("type", "string").put("format", "uuid");
        } else if (type == Currency.class) {
            schema.put("type", "string").put("pattern", "^[A-Z]{3}$");
        } else if (type == BuyerId.class) {
            schema.put("type", "string").put("pattern", "^[A-Za-z0-9._:@|+-]{1,128}$");
        } else if (type == String.class) {
            schema.put("type", "string");
        } else if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            schema.put("type", "integer");
        } else if (type == double.class) {
            schema.put("type", "number");
        } else if (type == boolean.class || type == Boolean.class) {
            schema.put("type", "boolean");
        } else if (type instanceof Class<?> composite) {
            composite(schema, composite);
        } else {
            throw new IllegalStateException("No schema for a component of type " + type);
        }
        return schema;
    }

    private static void composite(ObjectNode schema, Class<?> type) {
        JsonSubTypes subTypes = type.getAnnotation(JsonSubTypes.class);
        if (subTypes != null) {
            String discriminator = type.getAnnotation(JsonTypeInfo.class).property();
            schema.put("type", "object");
            ArrayNode oneOf = schema.putArray("oneOf");
            for (JsonSubTypes.Type subType : subTypes.value()) {
                ObjectNode member = oneOf.addObject();
                record(member, subType.value());
                member.withObject("/properties")
                        .putObject(discriminator)
                        .put("type", "string")
                        .put("const", subType.name());
                member.withArray("/required").add(discriminator);
            }
        } else if (isText(type)) {
            schema.put("type", "string");
            if (type.isRecord()
                    && type.getRecordComponents()[0].getType() == UUID.class
                    && type.getRecordComponents().length == 1) {
                schema.put("format", "uuid");
            }
        } else if (type.isEnum()) {
            schema.put("type", "string");
            ArrayNode values = schema.putArray("enum");
            Arrays.stream(type.getEnumConstants()).forEach(value -> values.add(value.toString()));
        } else if (type.isRecord()) {
            record(schema, type);
        } else {
            throw new IllegalStateException("No schema for " + type);
        }
    }

    private static boolean isText(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods()).anyMatch(method -> method.isAnnotationPresent(JsonValue.class));
    }
}
