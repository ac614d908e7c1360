package dev.onsale.rehearsal.documents;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import tools.jackson.databind.JsonNode;

/**
 * One setting from Spring's configuration metadata.
 *
 * @param defaultValue empty if there is none
 * @param description plain text with code in backquotes
 */
record Setting(String name, String type, String defaultValue, String description) {

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("java.lang.Boolean", "`true` or `false`"),
            Map.entry("java.lang.Double", "decimal number"),
            Map.entry("java.lang.Integer", "number"),
            Map.entry("java.lang.Long", "number"),
            Map.entry("java.lang.Short", "number"),
            Map.entry("java.lang.String", "text"),
            Map.entry("java.net.URI", "URL"),
            Map.entry("java.nio.file.Path", "path"),
            Map.entry("java.time.Duration", "duration"),
            Map.entry("java.time.Instant", "instant"),
            Map.entry("java.util.List<java.lang.String>", "list"),
            Map.entry("org.springframework.util.unit.DataSize", "size"));

    static Setting of(JsonNode property) {
        String description = property.path("description").asString("").replaceAll("\\{@code\\s+([^}]*)}", "`$1`");
        return new Setting(
                property.path("name").asString(),
                property.path("type").asString(),
                defaultOf(property.path("defaultValue")),
                StringUtils.capitalize(description));
    }

    private static String defaultOf(JsonNode value) {
        return value.isMissingNode() ? "" : value.asString("").replaceAll("[\\[\\]]", "");
    }

    /** The record type of a setting that is a group of settings or a map of groups. */
    Optional<Class<?>> group() {
        if (TYPES.containsKey(type)) {
            return Optional.empty();
        }
        Class<?> element = classOf(type.replaceAll("^java\\.util\\.Map<java\\.lang\\.String,(.*)>$", "$1"));
        return element.isRecord() ? Optional.of(element) : Optional.empty();
    }

    /** The first two parts of the name. */
    String section() {
        return Arrays.stream(name.split("\\.", -1)).limit(2).collect(Collectors.joining("."));
    }

    /**
     * A row of the table.
     *
     * @param whenRun value set by {@code ./onsale run}; empty if it keeps the default
     */
    String row(String whenRun) {
        String byDefault = defaultValue.isEmpty() ? "none" : "`" + defaultValue + "`";
        String value = whenRun.isEmpty() ? byDefault : byDefault + "; `./onsale run`: `" + whenRun + "`";
        return "| `" + name + "` | " + typeName() + " | " + value + " | " + description.replace("|", "\\|") + " |\n";
    }

    private String typeName() {
        String known = TYPES.get(type);
        return known != null
                ? known
                : Arrays.stream(classOf(type).getEnumConstants())
                        .map(constant -> "`"
                                + constant.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                        .collect(Collectors.joining(", "));
    }

    private static Class<?> classOf(String name) {
        return ClassUtils.resolveClassName(name, Setting.class.getClassLoader());
    }
}
