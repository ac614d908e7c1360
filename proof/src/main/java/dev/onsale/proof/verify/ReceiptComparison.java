package dev.onsale.proof.verify;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.export.Receipt;
import dev.onsale.proof.invariant.SoldOutFold;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares a receipt with the log of the whole sale: it names the same events, leaves out none of the buyer's, and nothing
 * was left at the times that it says. Not thread-safe.
 */
final class ReceiptComparison {

    /** A receipt has no more events of its buyer. */
    private static final int OWN_MAX = 500;

    private final Receipt.Body receipt;
    private final Tampering tampering;
    private final SoldOutFold soldOut = new SoldOutFold();
    private final Map<Long, Hash> wanted = new TreeMap<>();
    private final Set<Long> named = new HashSet<>();
    private final String name;
    private final String buyer;

    /** @param receipt without problems of its own */
    ReceiptComparison(Receipt.Body receipt, Tampering tampering) {
        this.receipt = receipt;
        this.tampering = tampering;
        this.name = "The receipt of " + receipt.buyer();
        this.buyer = "\"buyerId\":\"" + receipt.buyer() + "\"";
        named.addAll(receipt.unproven());
        for (Receipt.Fact fact : receipt.facts()) {
            ExportLine.Event event = fact.event();
            if (event != null) {
                named.add(event.position());
                wanted.put(event.position(), Hash.event(event));
            }
        }
        for (Receipt.SoldOut span : stated()) {
            want(span.last());
            want(span.next());
        }
    }

    private List<Receipt.SoldOut> stated() {
        List<Receipt.SoldOut> stated = receipt.soldOut();
        return stated == null ? List.of() : stated;
    }

    private void want(Receipt.@Nullable Place place) {
        if (place != null) {
            wanted.put(place.position(), Hash.of(place.event()));
        }
    }

    void on(ExportLine.Event event, @Nullable OnsaleEvent fact) {
        if (event.position() > receipt.head().lastPosition()) {
            return;
        }
        Hash expected = wanted.remove(event.position());
        if (expected != null && !expected.equals(Hash.event(event))) {
            tampering.add(name + " has another event at position " + event.position());
        }
        if (fact != null) {
            soldOut.on(event.position(), event.timestamp(), fact);
            if (isOwn(fact) && event.payload().contains(buyer) && !named.contains(event.position())) {
                tampering.add(name + " leaves out the " + event.type() + " at position " + event.position());
            }
        }
    }

    private boolean isOwn(OnsaleEvent fact) {
        return named.size() < OWN_MAX
                && (fact instanceof ReservationEvent
                        || fact instanceof CouponIssued
                        || fact instanceof CouponRedeemed
                        || fact instanceof CouponRestored);
    }

    /** To be called after all events. */
    void end(String saleKey) {
        if (!receipt.saleKey().equals(saleKey)) {
            tampering.add(name + " is of sale " + receipt.saleKey());
            return;
        }
        if (!wanted.isEmpty()) {
            tampering.add(name + " has events that the file has not, at positions " + wanted.keySet());
        }
        List<String> said = stated().stream().map(ReceiptComparison::words).toList();
        List<String> found =
                soldOut.spans().stream().map(ReceiptComparison::words).toList();
        if (receipt.soldOut() != null && !said.equals(found)) {
            tampering.add(name + " says that nothing was left: " + said + ", and by the log it was: " + found);
        }
    }

    private static String words(Receipt.SoldOut span) {
        return span.category() + " of " + span.seats() + " from " + span.from()
                + (span.until() == null ? "" : " to " + span.until());
    }

    private static String words(SoldOutFold.Span span) {
        SoldOutFold.Moment next = span.next();
        return span.category() + " of " + span.seats() + " from " + span.last().time()
                + (next == null ? "" : " to " + next.time());
    }
}
