package dev.onsale.rehearsal.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Request;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code docs/api.md} lists every endpoint of the running server's OpenAPI document and who may call it. */
@SharedOnsale
class EndpointsDocumentTest {

    private static final GeneratedSection SECTION = new GeneratedSection("docs/api.md", "endpoints");

    private final Onsale onsale;
    private final String buyer;

    EndpointsDocumentTest(Onsale onsale) throws Exception {
        this.onsale = onsale;
        buyer = onsale.person("reader-of-documents").token();
    }

    @Test
    void the_document_has_all_endpoints() throws Exception {
        JsonNode api = onsale.get("/v3/api-docs").send().require(200);
        Map<String, String> rows = new TreeMap<>();
        for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String method = operation.getKey().toUpperCase(Locale.ROOT);
                rows.put(path.getKey() + " " + method, row(method, path.getKey(), operation.getValue()));
            }
        }
        assertThat(rows).hasSizeGreaterThan(50);
        SECTION.requireOrWrite(
                "\n| | path | who | key | what |\n|---|---|---|---|---|\n" + String.join("", rows.values()) + "\n",
                getClass());
    }

    private String row(String method, String path, JsonNode operation) throws Exception {
        boolean key = operation
                .path("parameters")
                .valueStream()
                .anyMatch(parameter -> parameter.path("name").asString("").equals("Idempotency-Key"));
        return "| " + method + " | `" + path + "` | " + who(method, path) + " | " + (key ? "key" : "") + " | "
                + operation.path("summary").asString().replace("<", "&lt;") + " |\n";
    }

    /** Calls the endpoint without a token, then as a buyer. The ids in the path do not exist, so nothing changes. */
    private String who(String method, String path) throws Exception {
        String nothing = path.replaceAll("\\{[^}]*}", "none");
        Answer anonymous = request(method, nothing).send();
        if (anonymous.code().equals("WEBHOOK_REFUSED")) {
            return "gateway, signed";
        }
        if (anonymous.status() != 401) {
            return "anyone";
        }
        return request(method, nothing).as(buyer).send().code().equals("FORBIDDEN") ? "operator" : "buyer";
    }

    private Request request(String method, String path) {
        Request request = onsale.request(method, path);
        return method.equals("GET") || method.equals("DELETE")
                ? request
                : request.key("documents").json(Map.of("amount", Map.of("minorUnits", 1, "currency", "EUR")));
    }
}
