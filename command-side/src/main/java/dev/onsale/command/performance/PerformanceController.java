package dev.onsale.command.performance;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Ids;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Money;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.payment.ChargeableAmounts;
import dev.onsale.api.performance.CloseSale;
import dev.onsale.api.performance.LatestInstants;
import dev.onsale.api.performance.OpenSale;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.command.guard.rebuild.GuardPreparation;
import dev.onsale.platform.http.BodyLimit;
import dev.onsale.platform.http.IdempotencyKey;
import dev.onsale.platform.idempotency.NaturallyIdempotent;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/api/performances")
@Tag(name = "Performances")
class PerformanceController {

    /** Larger than the limit of seats, so that a plan with too many seats gets the error of the plan. */
    private static final int PLAN_MEMBERS_MAX = 200_000;

    private final CommandSender commands;
    private final PerformanceCache sales;
    private final GuardPreparation newGuards;
    private final ObjectProvider<ChargeableAmounts> chargeable;

    PerformanceController(
            CommandSender commands,
            PerformanceCache sales,
            GuardPreparation newGuards,
            ObjectProvider<ChargeableAmounts> chargeable) {
        this.commands = commands;
        this.sales = sales;
        this.newGuards = newGuards;
        this.chargeable = chargeable;
    }

    /**
     * @param holdDuration ISO 8601, such as {@code PT5M}
     * @param prices one price for each category of the plan
     * @param seatingPlan in the pretix seating-plan format
     * @param holdingEndsAt first instant at which seats can no longer be held; absent: sellingEndsAt
     * @param sellingEndsAt no hold lasts longer; absent: the start of the show, or holdingEndsAt if that is later
     * @param cancellableUntil first instant at which buyers can no longer cancel bookings; absent: the start of the show
     */
    record ScheduleRequest(
            @Nullable String title,
            @Nullable Instant startsAt,
            @Nullable Instant saleOpensAt,
            @Nullable Instant saleClosesAt,
            int maxSeatsPerBuyer,
            @Nullable Duration holdDuration,
            boolean waitingRoom,
            @Nullable Map<String, Money> prices,
            @Nullable JsonNode seatingPlan,
            @Nullable Instant holdingEndsAt,
            @Nullable Instant sellingEndsAt,
            @Nullable Instant cancellableUntil) {}

    record ScheduledAnswer(
            PerformanceId performanceId,
            String title,
            int seats,
            Instant startsAt,
            Instant saleOpensAt,
            Instant saleClosesAt,
            int maxSeatsPerBuyer,
            Duration holdDuration,
            boolean waitingRoom,
            Instant holdingEndsAt,
            Instant sellingEndsAt,
            Instant cancellableUntil) {}

    private Money chargeable(Money price) {
        if (chargeable.stream().anyMatch(gateway -> !gateway.canCharge(price))) {
            throw new InvalidValueException("The payment gateway cannot charge " + price);
        }
        return price;
    }

    @Operation(
            summary = "Schedule a performance",
            description =
                    "Operators only. 400 INVALID_SEATING_PLAN, INVALID_WINDOW, UNKNOWN_PRICE_ZONE or INVALID_REQUEST;"
                            + " 422 IDEMPOTENCY_KEY_REUSED. Money is in minor units of its currency.")
    @NaturallyIdempotent
    @BodyLimit(bytes = BodyLimit.BYTES_MAX, members = PLAN_MEMBERS_MAX)
    @PostMapping
    Mono<ResponseEntity<ScheduledAnswer>> schedule(
            BuyerId operator, IdempotencyKey key, @RequestBody ScheduleRequest request) {
        SchedulePerformance command = new SchedulePerformance(
                new PerformanceId(Ids.derived("performance", operator.value(), key.value())),
                required(request.title(), "title"),
                required(request.startsAt(), "startsAt"),
                SeatingPlanJson.read(required(request.seatingPlan(), "seatingPlan")),
                required(request.prices(), "prices").entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(price -> new PriceZone(price.getKey(), chargeable(required(price.getValue(), "prices"))))
                        .toList(),
                required(request.saleOpensAt(), "saleOpensAt"),
                required(request.saleClosesAt(), "saleClosesAt"),
                request.maxSeatsPerBuyer(),
                required(request.holdDuration(), "holdDuration"),
                request.waitingRoom(),
                request.holdingEndsAt(),
                request.sellingEndsAt(),
                request.cancellableUntil());
        return Mono.fromCompletionStage(
                        () -> commands.send(command, PerformanceScheduled.class).thenCompose(this::onSale))
                .map(fact -> ResponseEntity.created(URI.create("/api/performances/" + fact.performanceId()))
                        .body(answer(fact)));
    }

    @Operation(
            summary = "Open the sale now",
            description = "Operators only. 404 PERFORMANCE_NOT_FOUND; 409 SALE_CLOSED once the window is over.")
    @PostMapping("/{performanceId}/sale/open")
    Mono<ResponseEntity<Void>> open(@PathVariable PerformanceId performanceId, IdempotencyKey key) {
        return Mono.fromCompletionStage(() -> sales.of(performanceId)
                        .thenCompose(sale -> commands.send(new OpenSale(performanceId), Object.class)))
                .then(Mono.fromSupplier(() -> ResponseEntity.noContent().build()));
    }

    @Operation(
            summary = "Close the sale now",
            description = "Operators only. Holds and bookings stay. 404 PERFORMANCE_NOT_FOUND.")
    @PostMapping("/{performanceId}/sale/close")
    Mono<ResponseEntity<Void>> close(
            @PathVariable PerformanceId performanceId,
            IdempotencyKey key,
            @Parameter(hidden = true) Authentication operator) {
        CloseSale command = new CloseSale(performanceId, OperatorId.of(operator.getName()));
        return Mono.fromCompletionStage(
                        () -> sales.of(performanceId).thenCompose(sale -> commands.send(command, Object.class)))
                .then(Mono.fromSupplier(() -> ResponseEntity.noContent().build()));
    }

    /** The first buyer after the answer must find the performance and its guard. */
    private CompletionStage<PerformanceScheduled> onSale(PerformanceScheduled fact) {
        sales.readAgain(fact.performanceId());
        return newGuards.ofPerformance(fact.performanceId()).thenApply(made -> fact);
    }

    private static ScheduledAnswer answer(PerformanceScheduled fact) {
        LatestInstants latest = fact.latestInstants();
        return new ScheduledAnswer(
                fact.performanceId(),
                fact.title(),
                PerformanceCache.labels(fact.seatingPlan()).size(),
                fact.startsAt(),
                fact.saleOpensAt(),
                fact.saleClosesAt(),
                fact.maxSeatsPerBuyer(),
                fact.holdDuration(),
                fact.waitingRoom(),
                latest.holdingEndsAt(),
                latest.sellingEndsAt(),
                latest.cancellableUntil());
    }

    private static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw new InvalidValueException(name + " is missing");
        }
        return Objects.requireNonNull(value);
    }
}
