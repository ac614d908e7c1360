package dev.onsale.query.hall;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.performance.SeatingPlan;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Performances")
class SeatingPlanController {

    private static final CacheControl FOR_GOOD =
            CacheControl.maxAge(Duration.ofDays(1)).cachePublic().immutable();

    private final Halls halls;

    SeatingPlanController(Halls halls) {
        this.halls = halls;
    }

    @GetMapping(path = "/api/performances/{performanceId}/seating-plan", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "The hall: zones, rows and seats, in the order of the seat map")
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = SeatingPlan.class)))
    ResponseEntity<byte[]> seatingPlan(@PathVariable PerformanceId performanceId) {
        Hall hall = halls.of(performanceId)
                .orElseThrow(() -> new RefusedException(
                        RefusalCode.PERFORMANCE_NOT_FOUND, "There is no performance " + performanceId));
        return ResponseEntity.ok()
                .cacheControl(FOR_GOOD)
                .eTag("\"plan-" + performanceId + "\"")
                .body(hall.planJson());
    }
}
