package dev.onsale.command.guard;

import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.command.guard.reconcile.Reconciler;
import dev.onsale.command.guard.reconcile.ReconciliationRun;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardProperties;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardReports;
import dev.onsale.command.guard.state.RebuildReport;
import dev.onsale.command.guard.state.ReconciliationReport;
import dev.onsale.command.guard.state.SaleKind;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/** The operator's view of a guard: whether it is whole, and what was done for it. */
@RestController
@Tag(name = "Guards")
@RequestMapping("/api/admin/guards/{saleKey}")
class GuardController {

    private final GuardRedis redis;
    private final Reconciler reconciler;
    private final GuardReports reports;
    private final GuardProperties properties;

    GuardController(GuardRedis redis, Reconciler reconciler, GuardReports reports, GuardProperties properties) {
        this.redis = redis;
        this.reconciler = reconciler;
        this.reports = reports;
        this.properties = properties;
    }

    /**
     * @param strategy of seats on this node; null for a campaign
     * @param complete false for a guard that is lost, which is rebuilt with the next buyer, or of a sale that is over
     */
    record GuardAnswer(
            String saleKey,
            SaleKind kind,
            GuardProperties.@Nullable Strategy strategy,
            boolean complete,
            @Nullable RebuildReport lastRebuild,
            @Nullable ReconciliationReport lastReconciliation) {}

    @Operation(
            summary = "State of the guard of a sale, with its last rebuild and reconciliation",
            description = "Operators only. 404 SALE_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE while Redis is away.")
    @GetMapping
    GuardAnswer guard(@PathVariable String saleKey) {
        boolean seats = reconciler.firstFact(saleKey) instanceof PerformanceScheduled;
        try {
            long complete = seats
                    ? ReconciliationRun.awaited(
                                    redis.call(commands -> commands.hexists(GuardKeys.seats(saleKey), GuardKeys.EPOCH)))
                            ? 1
                            : 0
                    : ReconciliationRun.awaited(redis.call(commands -> commands.exists(GuardKeys.epoch(saleKey))));
            return new GuardAnswer(
                    saleKey,
                    seats ? SaleKind.PERFORMANCE : SaleKind.CAMPAIGN,
                    seats ? properties.strategy() : null,
                    complete == 1,
                    ReconciliationRun.awaited(reports.rebuild(saleKey)).orElse(null),
                    ReconciliationRun.awaited(reports.reconciliation(saleKey)).orElse(null));
        } catch (Exception e) {
            throw Reconciler.unavailable("Redis is away; try again shortly");
        }
    }

    @Operation(
            summary = "Compare the guard of a sale with the event store now, and repair differences",
            description = "Operators only. The answer is 202: the outcome is seen in the guard. If one is under way, it"
                    + " is answered with that. 404 SALE_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @PostMapping("/reconciliation")
    ResponseEntity<ReconciliationReport> reconcile(@PathVariable String saleKey) {
        ReconciliationReport begun = reconciler.begin(saleKey);
        // The key is the client's text, which may have characters that no address may have.
        return ResponseEntity.accepted()
                .location(UriComponentsBuilder.fromPath("/api/admin/guards/{saleKey}")
                        .encode()
                        .buildAndExpand(saleKey)
                        .toUri())
                .body(begun);
    }

    @Operation(
            summary = "The last reconciliation of a sale's guard",
            description = "Operators only. 204 if there was none in the last seven days. 404 SALE_NOT_FOUND; 503"
                    + " TEMPORARILY_UNAVAILABLE.")
    @GetMapping("/reconciliation")
    ResponseEntity<ReconciliationReport> lastReconciliation(@PathVariable String saleKey) {
        ReconciliationReport last = guard(saleKey).lastReconciliation();
        return last == null ? ResponseEntity.noContent().build() : ResponseEntity.ok(last);
    }
}
