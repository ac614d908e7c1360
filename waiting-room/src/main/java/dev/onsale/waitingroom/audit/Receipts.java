package dev.onsale.waitingroom.audit;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.token.AdmissionTokens;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Signed history of a visitor, which anyone can verify later. Blocks. */
@Component
class Receipts {

    private static final int STEPS_MAX = 1_000;

    private final Journal journal;
    private final AdmissionTokens tokens;
    private final Clock clock;

    Receipts(Journal journal, AdmissionTokens tokens, @Qualifier(RoomClock.NAME) Clock clock) {
        this.journal = journal;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * @param number position, drawn rank or number of the admission
     */
    record Step(
            JournalEntry.Kind what,
            Instant at,
            @Nullable Long number,
            @Nullable String detail) {}

    /**
     * @param signed the history as a JWS with ES256, verifiable with the published keys
     */
    record Receipt(String saleId, String visitor, List<Step> journey, String signed) {}

    Receipt of(SaleId sale, String buyer) {
        List<Step> journey = journal.of(sale.value(), buyer, STEPS_MAX).stream()
                .map(entry -> new Step(
                        entry.kind(),
                        Instant.ofEpochMilli(entry.at()),
                        entry.number() == 0 ? null : entry.number(),
                        entry.detail().equals("-") ? null : entry.detail()))
                .toList();
        if (journey.isEmpty()) {
            throw new RefusedException(
                    RefusalCode.VISITOR_NOT_FOUND, "The journal of this waiting room has no entry of this buyer");
        }
        return new Receipt(
                sale.value(),
                buyer,
                journey,
                tokens.signReceipt(
                        sale.value(),
                        buyer,
                        clock.instant(),
                        journey.stream().map(Receipts::claim).toList()));
    }

    private static Map<String, Object> claim(Step step) {
        Map<String, Object> claim = new LinkedHashMap<>();
        claim.put("what", step.what().name());
        claim.put("at", step.at().toString());
        if (step.number() != null) {
            claim.put("number", step.number());
        }
        if (step.detail() != null) {
            claim.put("detail", step.detail());
        }
        return claim;
    }
}
