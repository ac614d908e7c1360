package dev.onsale.query.consistency;

import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.rebuild.Rebuilds;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Audit")
class ConsistencyController {

    private static final Duration KAFKA_AT_MOST = Duration.ofSeconds(20);

    private final ConsistencyCheck check;
    private final LiveAuditor auditor;
    private final Rebuilds rebuilds;

    ConsistencyController(ConsistencyCheck check, LiveAuditor auditor, Rebuilds rebuilds) {
        this.check = check;
        this.auditor = auditor;
        this.rebuilds = rebuilds;
    }

    @GetMapping("/api/audit/consistency")
    @Operation(summary = "Last result of the live auditor of this process for each sale")
    Collection<Consistency> found() {
        return auditor.found();
    }

    @GetMapping("/api/audit/sales/{saleKey}/consistency")
    @Operation(
            summary = "Compare the read models of a sale, their copies in Redis, and Kafka with the event store now",
            description = "A sale is a performance or a campaign. What is behind may still arrive; differences stay.")
    @ApiResponse(responseCode = "404", description = "SALE_NOT_FOUND")
    Consistency consistency(@PathVariable String saleKey) {
        return check.of(saleKey, KAFKA_AT_MOST);
    }

    @PostMapping("/api/audit/sales/{saleKey}/repair")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Drop the copies in Redis and rebuild the read models that differ",
            description = "Read models are built as a whole: see /api/admin/projections. Kafka is not written to.")
    @ApiResponse(responseCode = "404", description = "SALE_NOT_FOUND")
    @ApiResponse(responseCode = "409", description = "REBUILD_RUNNING")
    List<String> repair(@PathVariable String saleKey) {
        Consistency found = check.of(saleKey, KAFKA_AT_MOST);
        check.forget(saleKey);
        List<ReadModelName> wrong = found.parts().stream()
                .filter(part -> part.differences() > 0)
                .flatMap(part -> ReadModelName.find(part.name()).stream())
                .toList();
        wrong.forEach(rebuilds::rebuild);
        return wrong.stream().map(ReadModelName::text).toList();
    }
}
