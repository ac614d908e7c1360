package dev.onsale.command.node;

import dev.onsale.api.CampaignId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.IssueCoupon;
import dev.onsale.api.performance.SaleClosed;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatReleased;
import dev.onsale.api.wallet.DebitPoints;
import dev.onsale.api.wallet.PointsCharged;
import dev.onsale.api.wallet.PointsDebited;
import dev.onsale.command.node.SharedSales.Answered;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares the answers of {@link SharedSales} with the log: rules, acknowledgements, and each refusal in the order of the commits. */
final class SharedSalesVerdict {

    private static final Set<RefusalCode> NOTHING_DONE =
            Set.of(RefusalCode.OVERLOADED, RefusalCode.TEMPORARILY_UNAVAILABLE);

    /** The facts of each aggregate in order. */
    private final Map<String, List<OnsaleEvent>> facts = new HashMap<>();

    private final Set<OnsaleEvent> all = new HashSet<>();
    private final Set<PerformanceId> closed = new HashSet<>();
    private final Set<String> heldSeats = new HashSet<>();
    private final Map<CampaignId, Integer> issued = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    private SharedSalesVerdict() {}

    /** What is wrong; empty if nothing is. */
    static List<String> violations(StoredEvents log, List<Answered> answers) {
        SharedSalesVerdict verdict = new SharedSalesVerdict();
        List<StoredEvent> page = log.after(0, StoredEvents.PAGE_SIZE_MAX);
        while (!page.isEmpty()) {
            page.forEach(verdict::read);
            page = log.after(page.getLast().position(), StoredEvents.PAGE_SIZE_MAX);
        }
        answers.forEach(verdict::check);
        return verdict.violations;
    }

    private void read(StoredEvent stored) {
        OnsaleEvent fact = EventJson.read(stored.type(), stored.version(), stored.payloadJson());
        facts.computeIfAbsent(stored.aggregateId(), id -> new ArrayList<>()).add(fact);
        all.add(fact);
        switch (fact) {
            case SaleClosed closing -> closed.add(closing.performanceId());
            case SeatHeld held -> {
                rule(!closed.contains(held.seatId().performanceId()), "sold after the end of the sale: " + held);
                rule(heldSeats.add(held.seatId().toString()), "a seat with two holders: " + held);
            }
            case SeatReleased released -> heldSeats.remove(released.seatId().toString());
            case CouponIssued coupon -> {
                int rank = issued.merge(coupon.campaignId(), 1, Integer::sum);
                rule(coupon.rank() == rank && rank <= SharedSales.COUPONS, "not the rank " + rank + ": " + coupon);
            }
            case PointsDebited debit -> rule(debit.balance().minorUnits() >= 0, "below zero: " + debit);
            default -> {}
        }
    }

    private void rule(boolean holds, String otherwise) {
        if (!holds) {
            violations.add(otherwise);
        }
    }

    private void check(Answered answered) {
        if (answered.failure() != null) {
            violations.add("failed: " + answered);
        } else if (answered.refusal() == null) {
            rule(
                    !(answered.answer() instanceof OnsaleEvent fact) || all.contains(fact),
                    "acknowledged and not stored: " + answered);
        } else if (!NOTHING_DONE.contains(answered.refusal())) {
            rule(isTrue(answered, answered.refusal()), "a refusal that was never true: " + answered);
        }
    }

    private boolean isTrue(Answered answered, RefusalCode refusal) {
        return switch (refusal) {
            case SEAT_TAKEN ->
                answered.command() instanceof HoldSeats && sometime(answered, SharedSalesVerdict::isHeld);
            case SALE_CLOSED -> answered.command() instanceof HoldSeats hold && closed.contains(hold.performanceId());
            case SOLD_OUT ->
                sometime(answered, known -> count(known, fact -> fact instanceof CouponIssued) == SharedSales.COUPONS);
            case ALREADY_ISSUED ->
                answered.command() instanceof IssueCoupon order
                        && sometime(
                                answered,
                                known -> count(
                                                known,
                                                fact -> fact instanceof CouponIssued coupon
                                                        && coupon.buyerId().equals(order.buyerId()))
                                        > 0);
            case ALREADY_CANCELLED ->
                sometime(answered, known -> count(known, fact -> fact instanceof ReservationCancelled) > 0);
            case INSUFFICIENT_POINTS ->
                answered.command() instanceof DebitPoints debit
                        && sometime(
                                answered,
                                known -> balance(known) < debit.amount().minorUnits());
            default -> false;
        };
    }

    /** Whether the subject was in such a state at any time between the command and its answer. */
    private boolean sometime(Answered answered, Predicate<List<OnsaleEvent>> state) {
        List<OnsaleEvent> known = facts.getOrDefault(answered.subject(), List.of());
        for (long sequence = answered.before(); sequence <= answered.after(); sequence++) {
            if (state.test(known.subList(0, (int) Math.min(known.size(), sequence + 1)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isHeld(List<OnsaleEvent> seat) {
        return !seat.isEmpty() && seat.getLast() instanceof SeatHeld;
    }

    private static long count(List<OnsaleEvent> known, Predicate<OnsaleEvent> kind) {
        return known.stream().filter(kind).count();
    }

    private static long balance(List<OnsaleEvent> wallet) {
        @Nullable Money balance = null;
        for (OnsaleEvent fact : wallet) {
            if (fact instanceof PointsCharged charge) {
                balance = charge.balance();
            } else if (fact instanceof PointsDebited debit) {
                balance = debit.balance();
            }
        }
        return balance == null ? 0 : balance.minorUnits();
    }
}
