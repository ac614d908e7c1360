package dev.onsale.proof.sealing;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Texts;
import dev.onsale.platform.supervision.TaskThreads;
import dev.onsale.proof.export.Receipt;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Receipts for buyers. */
@RestController
@Tag(name = "Receipts")
class ReceiptController {

    private static final int SALE_KEY_LENGTH_MAX = 190;

    /** A receipt reads and hashes the blocks of its facts. */
    private static final int RECEIPTS_AT_ONCE_MAX = 4;

    private static final int WAITING_MAX = 200;
    private static final int PATIENCE_SECONDS = 10;

    private final Receipts receipts;
    private final Semaphore turns = new Semaphore(RECEIPTS_AT_ONCE_MAX);
    private final Semaphore places = new Semaphore(RECEIPTS_AT_ONCE_MAX + WAITING_MAX);
    private final Scheduler workers = Schedulers.fromExecutor(TaskThreads.perTask("receipt-"));

    ReceiptController(Receipts receipts) {
        this.receipts = receipts;
    }

    @Operation(
            summary = "What the sealed log says of the caller in one sale, with proofs",
            description = "Check it with ./onsale verify-receipt FILE, offline, or on the page /receipts/{saleKey}."
                    + " Facts of the last second may be missing. Who got nothing gets a receipt too: when the last"
                    + " coupon went, or when no seat of a category was left; the log has no refusals."
                    + " 404 SALE_NOT_FOUND if nothing of the sale is sealed, 503 TEMPORARILY_UNAVAILABLE if too many"
                    + " receipts are asked for at once.")
    @GetMapping("/api/receipts/{saleKey}")
    Mono<Receipt> receipt(@PathVariable String saleKey, BuyerId buyer) {
        if (!Texts.isText(saleKey, SALE_KEY_LENGTH_MAX)) {
            throw new RefusedException(
                    RefusalCode.INVALID_REQUEST, "A sale has 1 to " + SALE_KEY_LENGTH_MAX + " characters");
        }
        return Mono.fromCallable(() -> inTurn(saleKey, buyer)).subscribeOn(workers);
    }

    private Receipt inTurn(String saleKey, BuyerId buyer) throws InterruptedException {
        if (!places.tryAcquire()) {
            throw busy();
        }
        try {
            if (!turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw busy();
            }
            try {
                return receipts.of(saleKey, buyer.value());
            } finally {
                turns.release();
            }
        } finally {
            places.release();
        }
    }

    private static RefusedException busy() {
        return new RefusedException(RefusalCode.TEMPORARILY_UNAVAILABLE, "Too many receipts are asked for at once");
    }
}
