package dev.onsale.query.performance;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.view.Page;
import dev.onsale.api.view.PerformanceView;
import dev.onsale.query.paging.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Performances")
class PerformanceController {

    private final PerformanceRepository performances;
    private final Clock clock;

    PerformanceController(PerformanceRepository performances, Clock clock) {
        this.performances = performances;
        this.clock = clock;
    }

    @GetMapping("/api/performances")
    @Operation(summary = "Performances, newest first")
    Page<PerformanceView> performances(
            @RequestParam(defaultValue = PageRequest.LIMIT_DEFAULT) int limit,
            @RequestParam(required = false) @Nullable Long after) {
        PageRequest page = PageRequest.of(limit, after);
        Instant now = clock.instant();
        return page.page(
                performances.findNewest(page.before(), page.fetch()),
                overview -> overview.performance().firstPosition(),
                overview -> view(overview, now));
    }

    @GetMapping("/api/performances/{performanceId}")
    @Operation(
            summary = "One performance with its prices and how many seats are left",
            description = "The ETag is for If-Match of a change of the terms.")
    ResponseEntity<PerformanceView> performance(@PathVariable PerformanceId performanceId) {
        Instant now = clock.instant();
        return performances
                .findOverview(performanceId.toString())
                .map(overview -> ResponseEntity.ok()
                        .eTag(overview.performance().entityTag(overview.seats().counts(), now))
                        .body(view(overview, now)))
                .orElseThrow(() -> new RefusedException(
                        RefusalCode.PERFORMANCE_NOT_FOUND, "There is no performance " + performanceId));
    }

    private static PerformanceView view(PerformanceWithCounts overview, Instant now) {
        return overview.performance().view(overview.seats().counts(), now);
    }
}
