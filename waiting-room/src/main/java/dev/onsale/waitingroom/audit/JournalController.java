package dev.onsale.waitingroom.audit;

import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.key.SaleId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Journals of the waiting rooms and receipts of their visitors. */
@RestController
@Tag(name = "Waiting room")
class JournalController {

    private static final int PAGE_MAX = 10_000;

    private final Journal journal;
    private final Receipts receipts;

    JournalController(Journal journal, Receipts receipts) {
        this.journal = journal;
        this.receipts = receipts;
    }

    /**
     * @param next value of {@code after} for the next page, absent at the end
     */
    record JournalPage(List<JournalEntry> entries, @Nullable String next) {}

    @Operation(
            summary = "Get the signed receipt of the caller, also after the sale",
            description =
                    "Events of the last second may be missing. 404 VISITOR_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @GetMapping("/api/waiting-rooms/{saleId}/visitors/me/receipt")
    Mono<Receipts.Receipt> ownReceipt(@PathVariable String saleId, BuyerId buyer) {
        SaleId sale = SaleId.of(saleId);
        return Mono.fromCallable(() -> receipts.of(sale, buyer.value())).subscribeOn(Schedulers.boundedElastic());
    }

    @Operation(
            summary = "Get the journal of a waiting room",
            description = "Operators only. Omit after for the first page, then send next. 400 INVALID_REQUEST; 503"
                    + " TEMPORARILY_UNAVAILABLE.")
    @GetMapping("/api/admin/waiting-rooms/{saleId}/journal")
    JournalPage journal(
            @PathVariable String saleId,
            @RequestParam(defaultValue = "0-0") String after,
            @RequestParam(defaultValue = "1000") int limit) {
        if (limit < 1 || limit > PAGE_MAX) {
            throw new InvalidValueException("limit must be 1 to " + PAGE_MAX);
        }
        int dash = after.indexOf('-');
        try {
            List<JournalEntry> entries = journal.page(
                    SaleId.of(saleId).value(),
                    Long.parseLong(after.substring(0, Math.max(0, dash))),
                    Long.parseLong(after.substring(dash + 1)),
                    limit);
            return new JournalPage(
                    entries,
                    entries.size() < limit
                            ? null
                            : entries.getLast().millis() + "-"
                                    + entries.getLast().sequence());
        } catch (NumberFormatException e) {
            throw new InvalidValueException("after must be next of the previous page");
        }
    }

    @Operation(
            summary = "Get the signed receipt of a visitor",
            description = "Operators only. 404 VISITOR_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @GetMapping("/api/admin/waiting-rooms/{saleId}/visitors/{buyerId}/receipt")
    Receipts.Receipt receipt(@PathVariable String saleId, @PathVariable String buyerId) {
        return receipts.of(SaleId.of(saleId), BuyerId.of(buyerId).value());
    }
}
