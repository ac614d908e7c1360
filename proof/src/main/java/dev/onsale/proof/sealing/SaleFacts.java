package dev.onsale.proof.sealing;

import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.UnknownVersionException;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.export.Receipt;
import dev.onsale.proof.invariant.SoldOutFold;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/**
 * What the sealed log says of a sale and not of a person: its facts that name nobody, and when nothing was left. Follows
 * the log of the sales that receipts were asked for last. Thread-safe. Blocks.
 */
@Component
class SaleFacts {

    private static final int SALES_MAX = 8;
    private static final int FACTS_MAX = 100;
    private static final int EVENTS_AT_ONCE = 1_000;
    private static final Set<String> OF_SEATS = Set.of(
            "onsale.performance-scheduled",
            "onsale.seat-held",
            "onsale.seat-booked",
            "onsale.seat-released",
            "onsale.seat-hold-expired",
            "onsale.seat-freed",
            "onsale.seat-blocked",
            "onsale.seat-unblocked");

    private final SealStore store;
    private final Map<Long, Followed> sales = new LinkedHashMap<>(SALES_MAX, 0.75f, true);

    SaleFacts(SealStore store) {
        this.store = store;
    }

    /**
     * @param ofNobody positions of the facts that name nobody
     * @param soldOut up to the position for which it was asked
     */
    record Known(List<Long> ofNobody, List<SoldOutFold.Span> soldOut) {}

    /** To be called in the transaction in which the sale was read. */
    Known of(SealStore.Sale sale, long upTo) {
        Followed followed;
        synchronized (sales) {
            followed = sales.computeIfAbsent(sale.no(), no -> new Followed());
            if (sales.size() > SALES_MAX) {
                sales.remove(sales.keySet().iterator().next());
            }
        }
        return followed.to(sale, upTo);
    }

    /** One sale up to a number of its events. */
    private final class Followed {
        private final SoldOutFold soldOut = new SoldOutFold();
        private final List<Long> ofNobody = new ArrayList<>();
        private long number;

        synchronized Known to(SealStore.Sale sale, long upTo) {
            long last = sale.sealed().events();
            while (number < last) {
                List<ExportLine> page = store.events(sale.no(), number, last, EVENTS_AT_ONCE);
                page.forEach(line -> {
                    if (line instanceof ExportLine.Event event) {
                        on(event);
                    }
                });
                number = page.size() < EVENTS_AT_ONCE ? last : number + page.size();
            }
            // Another receipt may have followed the log to a newer seal.
            return new Known(
                    ofNobody.stream().filter(position -> position <= upTo).toList(),
                    soldOut.spans().stream()
                            .filter(span -> span.last().position() <= upTo)
                            .map(span -> span.next() == null || span.next().position() <= upTo
                                    ? span
                                    : new SoldOutFold.Span(span.category(), span.seats(), span.last(), null))
                            .toList());
        }

        private void on(ExportLine.Event event) {
            if (Receipt.OF_NOBODY.contains(event.type()) && ofNobody.size() < FACTS_MAX) {
                ofNobody.add(event.position());
            }
            if (OF_SEATS.contains(event.type())) {
                try {
                    int version = event.revision() == null ? 1 : Integer.parseInt(event.revision());
                    soldOut.on(
                            event.position(),
                            event.timestamp(),
                            EventJson.read(event.type(), version, event.payload()));
                } catch (JacksonException | NumberFormatException | UnknownVersionException unreadable) {
                    // The check of an export reports it.
                }
            }
        }
    }
}
