package dev.onsale.command.performance;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Money;
import dev.onsale.api.OperatorAction;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.payment.ChargeableAmounts;
import dev.onsale.api.performance.ChangePerformance;
import dev.onsale.api.performance.PerformanceChange;
import dev.onsale.api.performance.PerformanceTerms;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.command.change.MergePatch;
import dev.onsale.platform.http.IdempotencyKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Tag(name = "Performances")
class PerformanceChangeController {

    private final CommandSender commands;
    private final PerformanceCache sales;
    private final ObjectProvider<ChargeableAmounts> chargeable;
    private final JsonMapper json;
    private final Clock clock;

    PerformanceChangeController(
            CommandSender commands,
            PerformanceCache sales,
            ObjectProvider<ChargeableAmounts> chargeable,
            JsonMapper json,
            Clock clock) {
        this.commands = commands;
        this.sales = sales;
        this.chargeable = chargeable;
        this.json = json;
        this.clock = clock;
    }

    /**
     * What is absent stays.
     *
     * @param prices new prices of some categories
     * @param effectiveFrom of the prices; absent for now
     * @param giveBackUntil until when tickets may be given back because the show begins later
     * @param reason why, 1 to 500 characters
     * @param revision the change is made only if the sale still has this revision
     */
    record ChangeRequest(
            @Nullable String title,
            @Nullable Instant startsAt,
            @Nullable Instant saleOpensAt,
            @Nullable Instant saleClosesAt,
            @Nullable Instant holdingEndsAt,
            @Nullable Instant sellingEndsAt,
            @Nullable Instant cancellableUntil,
            @Nullable Instant giveBackUntil,
            @Nullable Integer maxSeatsPerBuyer,
            @Nullable Duration holdDuration,
            @Nullable Map<String, Money> prices,
            @Nullable Instant effectiveFrom,
            @Nullable String reason,
            @Nullable Integer revision) {}

    @Operation(
            summary = "Change the terms of a performance",
            description =
                    "Operators only. A JSON merge patch: all of it is done or nothing. Holds keep the price and the"
                            + " end they have. 400 INVALID_REQUEST, INVALID_WINDOW, INVALID_PRICE, UNKNOWN_PRICE_ZONE; 404"
                            + " PERFORMANCE_NOT_FOUND; 409 SALE_OVER, CHANGED_MEANWHILE for a stale revision in the body; 412"
                            + " STALE_REVISION for a stale If-Match. The errors of both say what has changed since.")
    @PatchMapping("/api/performances/{performanceId}")
    Mono<ResponseEntity<PerformanceTermsAnswer>> change(
            @PathVariable PerformanceId performanceId,
            IdempotencyKey key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody JsonNode patch,
            @Parameter(hidden = true) Authentication operator) {
        ChangeRequest request = MergePatch.read(patch, ChangeRequest.class, json);
        ChangePerformance command = new ChangePerformance(
                performanceId,
                change(request),
                new OperatorAction(OperatorId.of(operator.getName()), request.reason()),
                MergePatch.basedOn(ifMatch, request.revision()));
        return Mono.fromCompletionStage(() ->
                        sales.of(performanceId).thenCompose(known -> commands.send(command, PerformanceTerms.class)))
                .map(terms -> {
                    // The next hold must find the new limit.
                    sales.readAgain(performanceId);
                    return ResponseEntity.ok()
                            .eTag("\"" + terms.revision() + "\"")
                            .body(PerformanceTermsAnswer.of(terms, clock.instant()));
                });
    }

    private PerformanceChange change(ChangeRequest request) {
        PerformanceChange change = new PerformanceChange(
                request.title(),
                request.startsAt(),
                request.saleOpensAt(),
                request.saleClosesAt(),
                request.holdingEndsAt(),
                request.sellingEndsAt(),
                request.cancellableUntil(),
                request.giveBackUntil(),
                request.maxSeatsPerBuyer(),
                request.holdDuration(),
                request.prices() == null ? null : prices(request.prices()),
                request.effectiveFrom());
        if (change.equals(PerformanceChange.NONE)) {
            throw new InvalidValueException("The patch changes nothing");
        }
        return change;
    }

    private List<PriceZone> prices(Map<String, @Nullable Money> prices) {
        return prices.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(price -> new PriceZone(price.getKey(), chargeable(price.getValue())))
                .toList();
    }

    private Money chargeable(@Nullable Money price) {
        if (price == null) {
            throw new InvalidValueException("A price cannot be removed");
        }
        if (chargeable.stream().anyMatch(gateway -> !gateway.canCharge(price))) {
            throw new RefusedException(RefusalCode.INVALID_PRICE, "The payment gateway cannot charge " + price);
        }
        return price;
    }
}
