package dev.onsale.rehearsal.checkout;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.api.view.ReservationView;
import dev.onsale.rehearsal.client.Deadline;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.client.OnsaleClient.Held;
import dev.onsale.rehearsal.client.OnsaleClient.Issued;
import dev.onsale.rehearsal.client.OnsaleClient.PaymentAccepted;
import dev.onsale.rehearsal.client.RequestKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Simulated buyers who hold one seat each and pay for it: most by card, every tenth with points; every fifth also with
 * a coupon. Every tenth cancels during the payment, and every tenth after the booking.
 */
final class Shoppers {

    private static final int ONE_IN = 10;
    private static final int WITH_POINTS = 1;
    private static final int CANCELS_UNDER_WAY = 3;
    private static final int CANCELS_BOOKED = 7;
    private static final int COUPON_ONE_IN = 5;
    private static final Money CHARGE = Money.of(10_000, "EUR");
    private static final int LOOKS_MAX = 60;
    private static final Set<ReservationStatus> ENDED =
            EnumSet.of(ReservationStatus.CONFIRMED, ReservationStatus.HELD, ReservationStatus.EXPIRED);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final OnsaleClient client;
    private final String operator;
    private final PerformanceId performance;
    private final CampaignId campaign;
    private final Deadline deadline;
    private final Set<PaymentId> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger withPoints = new AtomicInteger();
    private final AtomicInteger withCoupon = new AtomicInteger();

    Shoppers(OnsaleClient client, String operator, PerformanceId performance, CampaignId campaign, Deadline deadline) {
        this.client = client;
        this.operator = operator;
        this.performance = performance;
        this.campaign = campaign;
        this.deadline = deadline;
    }

    void buy(int number, BuyerId buyer, String token, SeatLabel seat) throws InterruptedException {
        PaymentAccepted payment = pay(number, buyer, token, seat);
        if (payment == null) {
            refused.incrementAndGet();
            return;
        }
        acknowledged.add(payment.paymentId());
        ReservationId reservation = payment.reservationId();
        if (number % ONE_IN == CANCELS_UNDER_WAY
                || (number % ONE_IN == CANCELS_BOOKED && isBooked(token, reservation))) {
            if (deadline.untilAnswered(() -> client.cancel(token, reservation)) != null) {
                cancelled.incrementAndGet();
            }
        }
    }

    private @Nullable PaymentAccepted pay(int number, BuyerId buyer, String token, SeatLabel seat)
            throws InterruptedException {
        Map<String, Object> request = new HashMap<>();
        boolean points = number % ONE_IN == WITH_POINTS;
        if (points) {
            if (deadline.untilAnswered(() -> client.charge(operator, "charge-" + buyer, buyer, CHARGE)) == null) {
                return null;
            }
            request.put("method", Map.of("type", "points"));
        } else {
            request.put("method", Map.of("type", "card", "token", "tok_rehearsal"));
        }
        boolean coupon = number % COUPON_ONE_IN <= 1 && number % ONE_IN < COUPON_ONE_IN;
        if (coupon) {
            Issued issued = deadline.untilAnswered(() -> client.coupon(token, "coupon", campaign));
            if (issued == null) {
                return null;
            }
            request.put("coupon", Map.of("campaignId", campaign, "couponId", issued.couponId()));
        }
        Held held = deadline.untilAnswered(() -> client.hold(token, "hold", performance, List.of(seat)));
        if (held == null) {
            return null;
        }
        PaymentAccepted accepted =
                deadline.untilAnswered(() -> client.pay(token, "pay", held.reservationId(), request));
        if (accepted != null) {
            withPoints.addAndGet(points ? 1 : 0);
            withCoupon.addAndGet(coupon ? 1 : 0);
        }
        return accepted;
    }

    /** Whether the payment succeeded. The read model follows the log with a delay. */
    private boolean isBooked(String token, ReservationId reservation) throws InterruptedException {
        for (int look = 0; look < LOOKS_MAX && !deadline.isOver(); look++) {
            ReservationView view =
                    deadline.untilAnswered(() -> client.reservation(RequestKind.WATCH, token, reservation));
            if (view != null && view.payment() != null && ENDED.contains(view.status())) {
                return view.status() == ReservationStatus.CONFIRMED;
            }
            deadline.pause(LOOK_AGAIN);
        }
        return false;
    }

    /** Payments that were acknowledged with 202. */
    Set<PaymentId> acknowledged() {
        return acknowledged;
    }

    int done() {
        return acknowledged.size() + refused.get();
    }

    int refused() {
        return refused.get();
    }

    int cancelled() {
        return cancelled.get();
    }

    int withPoints() {
        return withPoints.get();
    }

    int withCoupon() {
        return withCoupon.get();
    }
}
