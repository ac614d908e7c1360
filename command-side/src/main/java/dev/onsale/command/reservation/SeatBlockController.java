package dev.onsale.command.reservation;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorAction;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.SeatsBlocked;
import dev.onsale.api.performance.SeatsUnblocked;
import dev.onsale.api.seat.BlockSeats;
import dev.onsale.api.seat.SeatSelection;
import dev.onsale.api.seat.UnblockSeats;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.command.guard.seat.BestSeatsGuard;
import dev.onsale.command.performance.PerformanceCache;
import dev.onsale.platform.http.BodyLimit;
import dev.onsale.platform.http.IdempotencyKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Takes seats off sale and puts them back. */
@RestController
@RequestMapping("/api/performances/{performanceId}/seats")
@Tag(name = "Performances")
class SeatBlockController {

    /** 5,000 labels of the greatest length. */
    private static final int BODY_BYTES_MAX = 2 * 1024 * 1024;

    /** More than a request may name, so that too many get the error of the seats. */
    private static final int SEATS_NAMED_MAX = 10_000;

    private final CommandSender commands;
    private final PerformanceCache sales;
    private final BestSeatsGuard best;

    SeatBlockController(CommandSender commands, PerformanceCache sales, BestSeatsGuard best) {
        this.commands = commands;
        this.sales = sales;
        this.best = best;
    }

    /**
     * Either labels, or a zone.
     *
     * @param row number of a row of the zone; absent for the whole zone
     * @param reason why, 1 to 500 characters
     */
    record SeatsRequest(
            @Nullable List<SeatLabel> seats,
            @Nullable String zone,
            @Nullable String row,
            @Nullable String reason) {}

    /**
     * @param seats those that changed, in the order of the plan
     */
    record SeatsAnswer(PerformanceId performanceId, int changed, List<SeatLabel> seats) {}

    @Operation(
            summary = "Block seats: nobody can hold them",
            description = "Operators only. All of them, at most 5,000, or none; seats that are blocked stay so. 400"
                    + " INVALID_REQUEST, UNKNOWN_SEAT, DUPLICATE_SEAT, TOO_MANY_SEATS; 404 PERFORMANCE_NOT_FOUND; 409"
                    + " SALE_OVER, SEATS_NOT_FREE with the state of each seat that is held or booked.")
    @BodyLimit(bytes = BODY_BYTES_MAX, members = SEATS_NAMED_MAX)
    @PostMapping("/block")
    Mono<SeatsAnswer> block(
            @PathVariable PerformanceId performanceId,
            IdempotencyKey key,
            @RequestBody SeatsRequest request,
            @Parameter(hidden = true) Authentication operator) {
        BlockSeats command = new BlockSeats(performanceId, selection(request), by(operator, request));
        return Mono.fromCompletionStage(() -> sent(performanceId, command, SeatsBlocked.class))
                .map(fact -> new SeatsAnswer(performanceId, fact.seats().size(), fact.seats()));
    }

    @Operation(
            summary = "Put blocked seats on sale again",
            description = "Operators only. All of them, at most 5,000, or none; seats that are not blocked stay as they"
                    + " are. 400 INVALID_REQUEST, UNKNOWN_SEAT, DUPLICATE_SEAT, TOO_MANY_SEATS; 404"
                    + " PERFORMANCE_NOT_FOUND; 409 SALE_OVER, SEAT_NOT_FOR_SALE if the category has no price.")
    @BodyLimit(bytes = BODY_BYTES_MAX, members = SEATS_NAMED_MAX)
    @PostMapping("/release")
    Mono<SeatsAnswer> release(
            @PathVariable PerformanceId performanceId,
            IdempotencyKey key,
            @RequestBody SeatsRequest request,
            @Parameter(hidden = true) Authentication operator) {
        UnblockSeats command = new UnblockSeats(performanceId, selection(request), by(operator, request));
        return Mono.fromCompletionStage(() -> sent(performanceId, command, SeatsUnblocked.class)
                        // Seats are free: who asks for the best ones must reach the writer.
                        .thenCompose(fact -> best.freed(performanceId).thenApply(told -> fact)))
                .map(fact -> new SeatsAnswer(performanceId, fact.seats().size(), fact.seats()));
    }

    private <T> CompletionStage<T> sent(PerformanceId performance, OnsaleCommand command, Class<T> answer) {
        return sales.of(performance).thenCompose(known -> commands.send(command, answer));
    }

    private static SeatSelection selection(SeatsRequest request) {
        return new SeatSelection(request.seats() == null ? List.of() : request.seats(), request.zone(), request.row());
    }

    private static OperatorAction by(Authentication operator, SeatsRequest request) {
        return OperatorAction.withReason(OperatorId.of(operator.getName()), request.reason());
    }
}
