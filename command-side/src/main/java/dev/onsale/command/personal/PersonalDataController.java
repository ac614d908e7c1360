package dev.onsale.command.personal;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PersonalKeyId;
import dev.onsale.api.personal.ErasedBy;
import dev.onsale.eventlog.personal.Erasure;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

@RestController
@Tag(name = "Personal data")
class PersonalDataController {

    private final ErasureService erasures;

    PersonalDataController(ErasureService erasures) {
        this.erasures = erasures;
    }

    /**
     * @param erasedAt of the newest erasure
     * @param everywhereBy from when on no node opens anything that was sealed before it
     * @param keyIds the keys that are gone, the newest last; each is a sale of its own to audit and export
     */
    record ErasedAnswer(
            BuyerId buyerId,
            Instant erasedAt,
            ErasedBy erasedBy,
            @Nullable OperatorId operator,
            Instant everywhereBy,
            List<PersonalKeyId> keyIds) {}

    @Operation(
            summary = "Erase the caller's own personal data",
            description = "Contact details and card tokens can be read by nobody any more, in no copy. Reservations and"
                    + " coupons stay. A payment that was not sent yet is declined with PERSONAL_DATA_ERASED. A repeat"
                    + " erases what came since, often nothing. 404 PERSONAL_DATA_NOT_FOUND.")
    @DeleteMapping("/api/me/personal-data")
    Mono<ErasedAnswer> eraseOwn(BuyerId buyer) {
        return erased(buyer, ErasedBy.BUYER, null);
    }

    @Operation(
            summary = "Erase the personal data of a buyer",
            description = "Operators only; as if the buyer had asked. 404 PERSONAL_DATA_NOT_FOUND.")
    @PostMapping("/api/admin/buyers/{buyerId}/erasure")
    Mono<ErasedAnswer> erase(@PathVariable BuyerId buyerId, @Parameter(hidden = true) Authentication operator) {
        return erased(buyerId, ErasedBy.OPERATOR, OperatorId.of(operator.getName()));
    }

    private Mono<ErasedAnswer> erased(BuyerId buyer, ErasedBy by, @Nullable OperatorId operator) {
        return Mono.fromCompletionStage(() -> erasures.erase(buyer, by, operator))
                .map(erased -> {
                    Erasure newest = erased.getLast();
                    return new ErasedAnswer(
                            buyer,
                            newest.erasedAt(),
                            newest.erasedBy(),
                            newest.operator(),
                            newest.erasedAt().plus(erasures.delayElsewhere()),
                            erased.stream().map(Erasure::keyId).toList());
                });
    }
}
