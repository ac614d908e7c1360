package dev.onsale.eventlog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a change of a schema breaks within its version: for readers of tomorrow with facts of yesterday, and for readers of
 * yesterday, who are not ours, with facts of tomorrow. Nothing but an optional property may be added.
 */
final class SchemaChanges {

    private static final List<String> UNCHANGING = List.of("type", "format", "pattern", "enum", "const");

    private SchemaChanges() {}

    static List<String> breaking(JsonNode before, JsonNode after) {
        List<String> broken = new ArrayList<>();
        compare("", before, after, broken);
        return broken;
    }

    private static void compare(String path, JsonNode before, JsonNode after, List<String> broken) {
        for (String keyword : UNCHANGING) {
            if (!before.path(keyword).equals(after.path(keyword))) {
                broken.add(path + ": " + keyword + " was " + before.path(keyword) + " and is " + after.path(keyword));
            }
        }
        Set<String> requiredBefore = texts(before.path("required"));
        Set<String> requiredAfter = texts(after.path("required"));
        for (var property : before.path("properties").properties()) {
            String name = path + "/" + property.getKey();
            JsonNode now = after.path("properties").path(property.getKey());
            if (now.isMissingNode()) {
                broken.add(name + ": is gone");
                continue;
            }
            if (requiredBefore.contains(property.getKey()) != requiredAfter.contains(property.getKey())) {
                broken.add(name + ": is " + (requiredAfter.contains(property.getKey()) ? "required" : "optional")
                        + " now");
            }
            compare(name, property.getValue(), now, broken);
        }
        for (String name : requiredAfter) {
            if (before.path("properties").path(name).isMissingNode()) {
                broken.add(path + "/" + name + ": is new and required");
            }
        }
        if (before.has("items") || after.has("items")) {
            compare(path + "[]", before.path("items"), after.path("items"), broken);
        }
        JsonNode oneOf = before.path("oneOf");
        if (oneOf.size() != after.path("oneOf").size()) {
            broken.add(path + ": has other alternatives");
        } else {
            for (int index = 0; index < oneOf.size(); index++) {
                compare(
                        path + "|" + index,
                        oneOf.path(index),
                        after.path("oneOf").path(index),
                        broken);
            }
        }
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(text -> texts.add(text.asString()));
        return texts;
    }
}
