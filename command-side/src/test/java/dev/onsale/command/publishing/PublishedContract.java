package dev.onsale.command.publishing;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.onsale.api.Topics;
import dev.onsale.eventlog.SchemaCatalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.yaml.snakeyaml.Yaml;

/** Holds a record of the broker against docs/asyncapi.yaml and the schema of its type. */
final class PublishedContract {

    private static final Map<String, Object> DOCUMENT = read();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private PublishedContract() {}

    private static Map<String, Object> read() {
        try {
            return new Yaml().load(Files.readString(Path.of("../docs/asyncapi.yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is not as documented. */
    static List<String> problems(ConsumerRecord<String, byte[]> record) {
        List<String> problems = new ArrayList<>();
        Set<String> headers = new TreeSet<>();
        for (Header header : record.headers()) {
            headers.add(header.key());
        }
        Header typeHeader = record.headers().lastHeader(Topics.HEADER_TYPE);
        String type = typeHeader == null ? "none" : new String(typeHeader.value(), StandardCharsets.UTF_8);
        if (!at("channels", record.topic(), "messages").containsKey(type)) {
            problems.add(type + " is no message of " + record.topic());
            return problems;
        }
        Set<String> documented = new TreeSet<>(
                at("components", "schemas", "headers", "properties").keySet());
        if (String.valueOf(at("components", "messages", type, "headers").get("$ref"))
                .endsWith("outcome-headers")) {
            documented.add(Topics.HEADER_OUTCOME);
        }
        if (!headers.equals(documented)) {
            problems.add("The headers are " + headers + ", documented are " + documented);
        }
        SCHEMAS.getSchema(new String(SchemaCatalogue.find(type).orElseThrow(), StandardCharsets.UTF_8))
                .validate(new String(record.value(), StandardCharsets.UTF_8), InputFormat.JSON)
                .forEach(error -> problems.add(error.toString()));
        return problems;
    }

    @SuppressWarnings("unchecked") // YAML has no types; a document of another form fails here.
    private static Map<String, Object> at(String... path) {
        Object node = DOCUMENT;
        for (String name : path) {
            node = ((Map<String, Object>) node).get(name);
            if (node == null) {
                return Map.of();
            }
        }
        return (Map<String, Object>) node;
    }
}
