package dev.onsale.saga.step;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.saga.step.StuckSteps.StuckStep;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Payments and refunds that wait, for operators. */
@RestController
@RequestMapping("/api/admin/steps")
@Tag(name = "Payment steps")
class StuckStepController {

    private static final Logger log = LoggerFactory.getLogger(StuckStepController.class);
    private static final int LIST_MAX = 1_000;

    private final StuckSteps steps;
    private final StepScheduler scheduler;
    private final Clock clock;

    StuckStepController(StuckSteps steps, StepScheduler scheduler, Clock clock) {
        this.steps = steps;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    @GetMapping("/stuck")
    @Operation(
            summary = "Steps of payments and refunds that failed three times in a row or are overdue",
            description =
                    "Operators only. At most 1,000, the longest waiting first. due is when a step is tried next; the log"
                            + " has the reason under its kind and id.")
    List<StuckStep> stuck() {
        return steps.list(clock.instant(), LIST_MAX);
    }

    @PostMapping("/{kind}/{id}/retry")
    @Operation(
            summary = "Try a step now",
            description =
                    "Operators only. 204 also if a node works on the step at this moment. A step is harmless when repeated."
                            + " 404 STEP_NOT_FOUND if there is none: it may have ended.")
    ResponseEntity<Void> retry(
            @PathVariable String kind, @PathVariable String id, @Parameter(hidden = true) Authentication operator) {
        Instant now = clock.instant();
        if (steps.retryNow(kind, id, now)) {
            log.info("{} {} is tried again by order of {}", kind, id, operator.getName());
            scheduler.wake();
        } else if (!steps.exists(kind, id)) {
            throw new RefusedException(RefusalCode.STEP_NOT_FOUND, "There is no step " + kind + " " + id);
        }
        return ResponseEntity.noContent().build();
    }
}
