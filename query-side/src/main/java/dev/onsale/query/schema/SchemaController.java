package dev.onsale.query.schema;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.eventlog.SchemaCatalogue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Schemas")
class SchemaController {

    private static final MediaType SCHEMA = MediaType.parseMediaType("application/schema+json");

    /** A schema that was approved never changes but by optional properties. */
    private static final CacheControl KEPT = CacheControl.maxAge(Duration.ofHours(1));

    record Schemas(List<String> schemas) {}

    @GetMapping("/api/schemas")
    @Operation(summary = "Names of all events with their versions: the values of ce_type on Kafka")
    Schemas names() {
        return new Schemas(SchemaCatalogue.names());
    }

    @GetMapping("/api/schemas/{name}")
    @Operation(summary = "JSON Schema of one version of an event, such as onsale.seat-held.v1")
    ResponseEntity<byte[]> schema(@PathVariable String name) {
        byte[] schema = SchemaCatalogue.find(name)
                .orElseThrow(() -> new RefusedException(RefusalCode.SCHEMA_NOT_FOUND, "There is no schema " + name));
        return ResponseEntity.ok().contentType(SCHEMA).cacheControl(KEPT).body(schema);
    }
}
