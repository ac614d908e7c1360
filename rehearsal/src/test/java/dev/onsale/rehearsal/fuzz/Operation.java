package dev.onsale.rehearsal.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One operation of the running server's OpenAPI document.
 *
 * @param queries names of its query parameters
 * @param properties names of the properties of its body, at any depth; empty if it has no body
 */
record Operation(String method, String path, List<String> queries, List<String> properties) {

    boolean isStream() {
        return path.endsWith("/stream");
    }

    static List<Operation> of(JsonNode api) {
        List<Operation> operations = new ArrayList<>();
        api.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    List<String> queries = method.getValue()
                            .path("parameters")
                            .valueStream()
                            .filter(parameter ->
                                    parameter.path("in").asString("").equals("query"))
                            .map(parameter -> parameter.path("name").asString())
                            .toList();
                    Set<String> properties = new LinkedHashSet<>();
                    collect(api, method.getValue().path("requestBody"), properties, 0);
                    operations.add(new Operation(
                            method.getKey().toUpperCase(java.util.Locale.ROOT),
                            path.getKey(),
                            queries,
                            List.copyOf(properties)));
                }));
        return operations;
    }

    private static void collect(JsonNode api, JsonNode node, Set<String> names, int depth) {
        if (depth > 12) {
            return;
        }
        String ref = node.path("$ref").asString("");
        if (!ref.isEmpty()) {
            collect(api, api.at(ref.substring(1)), names, depth + 1);
        }
        node.path("properties").properties().forEach(property -> names.add(property.getKey()));
        node.forEach(child -> collect(api, child, names, depth + 1));
    }
}
