package dev.onsale.command.publishing;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Texts;
import dev.onsale.command.publishing.HeldSales.DroppedFact;
import dev.onsale.command.publishing.HeldSales.HeldSale;
import dev.onsale.platform.failure.Causes;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@RestController
@RequestMapping("/api/admin/publisher")
@Tag(name = "Publisher")
class HeldSaleController {

    private static final Logger log = LoggerFactory.getLogger(HeldSaleController.class);
    private static final int LIST_MAX = 1_000;
    private static final int REASON_LENGTH_MAX = 500;

    private final HeldSales heldSales;
    private final HeldSaleRetry retry;

    HeldSaleController(HeldSales heldSales, HeldSaleRetry retry) {
        this.heldSales = heldSales;
        this.retry = retry;
    }

    record Drop(@Nullable String reason) {}

    /**
     * @param published whether nothing of the sale is held any more
     * @param held what still is
     */
    record RetryAnswer(
            String saleKey, boolean published, @Nullable HeldSale held) {}

    @GetMapping("/held-sales")
    @Operation(
            summary = "Sales whose events are not published because Kafka refuses one of them",
            description = "Operators only. At most 1,000, the longest held first.")
    Mono<List<HeldSale>> list() {
        return blocking(() -> heldSales.all(LIST_MAX));
    }

    @GetMapping("/dropped-facts")
    @Operation(
            summary = "Events that operators gave up, with their reasons, newest first",
            description = "Operators only. At most 1,000.")
    Mono<List<DroppedFact>> dropped() {
        return blocking(() -> heldSales.dropped(LIST_MAX));
    }

    @PostMapping("/held-sales/{saleKey}/retry")
    @Operation(
            summary = "Publish the events of a held sale in order",
            description =
                    "Operators only. 404 SALE_NOT_FOUND if it is not held; 503 TEMPORARILY_UNAVAILABLE while Kafka is"
                            + " away.")
    Mono<RetryAnswer> retry(@PathVariable String saleKey) {
        return blocking(() -> {
            requireHeld(saleKey);
            published(() -> retry.retry(saleKey));
            return outcome(saleKey);
        });
    }

    @PostMapping("/held-sales/{saleKey}/drop")
    @Operation(
            summary = "Give up the refused event, which no consumer will see, and publish what follows",
            description = "Operators only. position names the refused fact; who gave it up and the reason are kept. 404"
                    + " SALE_NOT_FOUND if it is not held; 503 TEMPORARILY_UNAVAILABLE if Kafka is away: the fact is given up,"
                    + " what follows it waits for a retry.")
    Mono<RetryAnswer> drop(
            @PathVariable String saleKey,
            @RequestParam long position,
            @RequestBody Drop order,
            @Parameter(hidden = true) Authentication operator) {
        String reason = order.reason();
        if (reason == null || !Texts.isText(reason, REASON_LENGTH_MAX)) {
            throw new InvalidValueException("reason has 1 to " + REASON_LENGTH_MAX + " characters");
        }
        return blocking(() -> {
            requireHeld(saleKey);
            published(() -> {
                if (!retry.dropFirst(saleKey, position, operator.getName(), reason)) {
                    throw new InvalidValueException(
                            "Position " + position + " is not the first held fact of " + saleKey);
                }
            });
            return outcome(saleKey);
        });
    }

    /** Nothing is lost if Kafka is away: unpublished events stay held. */
    private static void published(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failure) {
            if (Causes.has(failure, KafkaException.class) || Causes.has(failure, TimeoutException.class)) {
                log.warn("Held events could not be published: {}", failure.toString());
                throw new RefusedException(
                        RefusalCode.TEMPORARILY_UNAVAILABLE, "Kafka does not accept the events; try again shortly");
            }
            throw failure;
        }
    }

    private RetryAnswer outcome(String saleKey) {
        HeldSale held = heldSales.find(saleKey).orElse(null);
        return new RetryAnswer(saleKey, held == null, held);
    }

    private static <T> Mono<T> blocking(Callable<T> work) {
        return Mono.fromCallable(work).subscribeOn(Schedulers.boundedElastic());
    }

    private void requireHeld(String saleKey) {
        if (heldSales.find(saleKey).isEmpty()) {
            throw new RefusedException(RefusalCode.SALE_NOT_FOUND, "Sale " + saleKey + " is not held");
        }
    }
}
