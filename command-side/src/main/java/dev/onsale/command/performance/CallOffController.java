package dev.onsale.command.performance;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.CallOffPerformance;
import dev.onsale.api.performance.PerformanceCalledOff;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.command.bus.OptionalBody;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Calls shows off. What follows for holds and bookings is done behind the answer. */
@RestController
@Tag(name = "Performances")
class CallOffController {

    private final CommandSender commands;
    private final PerformanceCache sales;

    CallOffController(CommandSender commands, PerformanceCache sales) {
        this.commands = commands;
        this.sales = sales;
    }

    record CallOffRequest(
            @Schema(description = "Why the show is called off, 1 to 500 characters.") @Nullable
            String reason) {}

    record CalledOffAnswer(
            PerformanceId performanceId, String status, OperatorId operator, String reason, Instant at) {}

    @Operation(
            summary = "Call a show off, for good",
            description =
                    "Operators only, with {\"reason\":\"...\"}. From the answer on nothing is held or booked. Holds are"
                            + " released and bookings revoked and refunded one after the other:"
                            + " GET /api/admin/performances/{performanceId}/call-off. A repeat changes nothing and is answered like"
                            + " the first. 400 INVALID_REQUEST without a reason; 404 PERFORMANCE_NOT_FOUND.")
    @DeleteMapping("/api/performances/{performanceId}")
    Mono<CalledOffAnswer> callOff(
            @PathVariable PerformanceId performanceId,
            @Parameter(hidden = true) Authentication operator,
            @RequestBody(required = false) byte @Nullable [] body) {
        CallOffRequest request = OptionalBody.read(body, CallOffRequest.class);
        String reason = request == null ? null : request.reason();
        if (reason == null) {
            throw new InvalidValueException("reason is missing: why the show is called off");
        }
        CallOffPerformance command = new CallOffPerformance(performanceId, OperatorId.of(operator.getName()), reason);
        return Mono.fromCompletionStage(() ->
                        sales.of(performanceId).thenCompose(sale -> commands.send(command, PerformanceCalledOff.class)))
                .map(fact -> {
                    sales.calledOff(performanceId);
                    return new CalledOffAnswer(performanceId, "CALLED_OFF", fact.operator(), fact.reason(), fact.at());
                });
    }
}
