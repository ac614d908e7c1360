package dev.onsale.command.publishing;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@RestController
@RequestMapping("/api/admin/publisher/held-sales")
@Tag(name = "Publisher")
class HeldSaleController {

    private static final int LIST_MAX = 1_000;

    private final HeldSales heldSales;
    private final HeldSaleRetry retry;

    HeldSaleController(HeldSales heldSales, HeldSaleRetry retry) {
        this.heldSales = heldSales;
        this.retry = retry;
    }

    /**
     * @param position of the refused fact in the log
     * @param facts how many facts wait, the refused one included
     */
    record HeldSaleAnswer(String saleKey, long position, String reason, Instant heldAt, long facts) {}

    /**
     * @param published whether nothing of the sale is held any more
     * @param held what still is
     */
    record RetryAnswer(
            String saleKey, boolean published, @Nullable HeldSaleAnswer held) {}

    @GetMapping
    @Operation(
            summary = "Sales that are not published, because Kafka refuses one of their facts",
            description = "Operators only. At most 1,000, the longest held first.")
    Mono<List<HeldSaleAnswer>> list() {
        return blocking(() ->
                heldSales.all(LIST_MAX).stream().map(HeldSaleController::answer).toList());
    }

    @PostMapping("/{saleKey}/retry")
    @Operation(
            summary = "Publish the facts of a held sale in order",
            description = "Operators only. 404 SALE_NOT_FOUND if it is not held.")
    Mono<RetryAnswer> retry(@PathVariable String saleKey) {
        return blocking(() -> {
            requireHeld(saleKey);
            retry.retry(saleKey);
            return outcome(saleKey);
        });
    }

    @PostMapping("/{saleKey}/drop")
    @Operation(
            summary = "Give up the refused fact, which consumers will never see, and publish what follows it",
            description = "Operators only. position names the refused fact. 404 SALE_NOT_FOUND if it is not held.")
    Mono<RetryAnswer> drop(@PathVariable String saleKey, @RequestParam long position) {
        return blocking(() -> {
            requireHeld(saleKey);
            if (!retry.dropFirst(saleKey, position)) {
                throw new InvalidValueException("Position " + position + " is not the first held fact of " + saleKey);
            }
            return outcome(saleKey);
        });
    }

    private RetryAnswer outcome(String saleKey) {
        HeldSaleAnswer held =
                heldSales.find(saleKey).map(HeldSaleController::answer).orElse(null);
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

    private static HeldSaleAnswer answer(HeldSales.HeldSale held) {
        return new HeldSaleAnswer(
                held.saleKey(), held.position(), held.reason(), Instant.ofEpochMilli(held.heldAt()), held.facts());
    }
}
