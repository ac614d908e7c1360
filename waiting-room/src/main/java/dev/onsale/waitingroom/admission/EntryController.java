package dev.onsale.waitingroom.admission;

import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.waitingroom.key.SaleId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Entry to a sale. The admission token is the idempotency key: it works once. */
@RestController
@Tag(name = "Waiting room")
class EntryController {

    private final EntryService entries;

    EntryController(EntryService entries) {
        this.entries = entries;
    }

    @Operation(
            summary = "Enter a sale with an admission token. A token works once",
            description =
                    "400 INVALID_REQUEST; 403 ADMISSION_TOKEN_INVALID, NOT_ADMITTED; 409 ADMISSION_TOKEN_USED; 503"
                            + " TEMPORARILY_UNAVAILABLE.")
    @PostMapping("/api/sales/{saleId}/entry")
    Mono<Entered> enter(@PathVariable String saleId, BuyerId buyer, @RequestBody EntryRequest request) {
        SaleId sale = SaleId.of(saleId);
        String token = request.admissionToken();
        if (token == null || token.isBlank()) {
            throw new InvalidValueException("admissionToken must not be empty");
        }
        return entries.enter(sale, buyer, token).map(until -> new Entered(sale.value(), until));
    }

    record EntryRequest(@Nullable String admissionToken) {}

    /**
     * @param activeUntil end of the place
     */
    record Entered(String saleId, Instant activeUntil) {}
}
