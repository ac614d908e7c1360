package dev.onsale.proof.sealing;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Texts;
import dev.onsale.proof.export.Receipt;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Receipts for buyers. */
@RestController
@Tag(name = "Receipts")
class ReceiptController {

    private static final int SALE_KEY_LENGTH_MAX = 190;

    private final Receipts receipts;

    ReceiptController(Receipts receipts) {
        this.receipts = receipts;
    }

    @Operation(
            summary = "What the sealed log says of the caller in one sale, with proofs",
            description =
                    "Check it with ./onsale verify-receipt FILE, offline. Facts of the last second may be missing."
                            + " 404 SALE_NOT_FOUND if nothing about the caller is sealed.")
    @GetMapping("/api/receipts/{saleKey}")
    Mono<Receipt> receipt(@PathVariable String saleKey, BuyerId buyer) {
        if (!Texts.isText(saleKey, SALE_KEY_LENGTH_MAX)) {
            throw new RefusedException(
                    RefusalCode.INVALID_REQUEST, "A sale has 1 to " + SALE_KEY_LENGTH_MAX + " characters");
        }
        return Mono.fromCallable(() -> receipts.of(saleKey, buyer.value())).subscribeOn(Schedulers.boundedElastic());
    }
}
