package dev.onsale.saga.calloff;

import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.saga.calloff.CallOffTable.CallOff;
import dev.onsale.saga.calloff.CallOffTable.Failure;
import dev.onsale.saga.calloff.CallOffTable.Outcome;
import dev.onsale.saga.calloff.CallOffTable.Refund;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/admin/performances/{performanceId}/call-off")
@Tag(name = "Performances")
class CallOffProgressController {

    private final CallOffTable table;

    CallOffProgressController(CallOffTable table) {
        this.table = table;
    }

    /**
     * @param state RUNNING, PAUSED, REFUNDING when all reservations have ended and money is on its way, or DONE
     * @param reservations number of reservations by outcome: OPEN, RELEASED, REVOKED, ENDED_BEFORE, FAILED
     * @param refunds number of reservations by state of their money: NONE, OPEN, REFUNDED, VOIDED, FAILED
     * @param failures the first 100 that failed; a refund that failed is a person's to return
     */
    record Progress(
            PerformanceId performanceId,
            OperatorId operator,
            String reason,
            Instant at,
            String state,
            Map<String, Integer> reservations,
            Map<String, Integer> refunds,
            List<Failure> failures) {}

    @Operation(
            summary = "Progress of calling a show off",
            description = "Operators only. 404 CALL_OFF_NOT_FOUND, also for a moment after the call.")
    @GetMapping
    Progress progress(@PathVariable PerformanceId performanceId) {
        CallOff callOff = table.find(performanceId).orElseThrow(CallOffProgressController::notFound);
        Map<String, Integer> reservations = table.counts(performanceId, "outcome");
        Map<String, Integer> refunds = table.counts(performanceId, "refund");
        return new Progress(
                performanceId,
                callOff.operator(),
                callOff.reason(),
                callOff.at(),
                state(callOff, reservations, refunds),
                reservations,
                refunds,
                table.failures(performanceId));
    }

    private static String state(CallOff callOff, Map<String, Integer> reservations, Map<String, Integer> refunds) {
        boolean allEnded = callOff.isScanned()
                && !reservations.containsKey(Outcome.OPEN.name())
                && !reservations.containsKey(Outcome.FAILED.name());
        if (!allEnded) {
            return callOff.isPaused() ? "PAUSED" : "RUNNING";
        }
        return refunds.containsKey(Refund.OPEN.name()) ? "REFUNDING" : "DONE";
    }

    @Operation(
            summary = "Pause calling a show off",
            description = "Operators only. No further reservation is ended; refunds that have begun go on. 404"
                    + " CALL_OFF_NOT_FOUND.")
    @PostMapping("/pause")
    Progress pause(@PathVariable PerformanceId performanceId) {
        return paused(performanceId, true);
    }

    @Operation(
            summary = "Resume calling a show off",
            description = "Operators only, within two seconds. 404 CALL_OFF_NOT_FOUND.")
    @PostMapping("/resume")
    Progress resume(@PathVariable PerformanceId performanceId) {
        return paused(performanceId, false);
    }

    private Progress paused(PerformanceId performance, boolean paused) {
        table.pause(performance, paused);
        return progress(performance);
    }

    private static RefusedException notFound() {
        return new RefusedException(RefusalCode.CALL_OFF_NOT_FOUND, "This show was not called off");
    }
}
