package dev.onsale.rehearsal.checkout;

import dev.onsale.api.CouponId;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.api.view.ReservationView;
import dev.onsale.api.view.SeatState;
import dev.onsale.api.wallet.WalletEvent;
import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.LogEvent;
import dev.onsale.proof.invariant.LogFold;
import dev.onsale.rehearsal.checkout.GatewayBooks.Booked;
import dev.onsale.rehearsal.client.Outcome;
import dev.onsale.rehearsal.client.RequestKind;
import dev.onsale.rehearsal.running.Http;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The log, the gateway's ledger, the read models and the guard at the end. */
final class Ending {

    private static final long LOOK_AGAIN_MILLIS = 200;

    private final Map<String, Booked> books;
    private final List<OnsaleEvent> facts;
    private final LogFold fold;
    private final Findings findings;
    private final int toldAgain;
    private final long stepsLeft;
    private final long sagasLeft;
    private final Map<String, SeatState> seatMap;
    private final Map<Cell, Seen> seen = new HashMap<>();

    /**
     * What the people of one cell read.
     *
     * @param coupon status of the buyer's coupon; empty if there is none
     * @param balance the buyer's points
     * @param seatRefusedWith code of the refusal of the next hold of the seat; empty if it was not refused
     */
    record Seen(ReservationStatus status, String payment, String coupon, long balance, String seatRefusedWith) {}

    private Ending(Play play) throws Exception {
        books = play.books().byPayment();
        List<LogEvent> log = play.log();
        facts = log.stream().map(LogEvent::fact).filter(Objects::nonNull).toList();
        fold = LogFold.of(log);
        findings = fold.judge(Clock.systemUTC().instant().plus(MovedClock.BY));
        stepsLeft = play.stepsLeft();
        sagasLeft = play.sagasLeft();
        Set<String> repeated = new HashSet<>();
        for (Cell cell : play.cells()) {
            if (cell.column() == Column.DUPLICATE_EVENT || cell.column() == Column.LATE_EVENT) {
                repeated.add(cell.reservation().toString());
                repeated.add(cell.payment().toString());
            }
        }
        toldAgain = new ToldAgain(play.kafka()).about(repeated, play.deadline());
        try (Http http = new Http("http://127.0.0.1:" + play.port())) {
            for (Cell cell : play.cells()) {
                seen.put(cell, seen(cell, play, http));
            }
        }
        seatMap = play.client()
                .seatMap(play.performance())
                .orElseThrow("There is no seat map")
                .seats();
        for (Cell cell : play.cells()) {
            seen.computeIfPresent(cell, (key, before) -> withNext(before, seatRefusedWith(cell, play)));
        }
    }

    static Ending of(Play play) throws Exception {
        return new Ending(play);
    }

    private static Seen withNext(Seen before, String refusedWith) {
        return new Seen(before.status(), before.payment(), before.coupon(), before.balance(), refusedWith);
    }

    /** Reads until the read models equal the log or the time limit is reached. */
    private Seen seen(Cell cell, Play play, Http http) throws Exception {
        String token = play.token(cell.buyer());
        while (true) {
            ReservationView view = play.client()
                    .reservation(RequestKind.VERIFY, token, cell.reservation())
                    .orElseThrow("The reservation of " + cell);
            Seen now = new Seen(
                    view.status(),
                    view.payment() == null ? "" : view.payment().status().name(),
                    read(http, token, "/api/me/coupons")
                            .path("items")
                            .path(0)
                            .path("status")
                            .asString(""),
                    read(http, token, "/api/wallet")
                            .path("balances")
                            .path(0)
                            .path("minorUnits")
                            .asLong(0),
                    "");
            boolean agrees = now.status() == status(cell)
                    && now.coupon().equals(couponStatus(cell, play))
                    && now.balance() == balance(cell);
            if (agrees || play.deadline().isOver()) {
                return now;
            }
            play.deadline().pause(java.time.Duration.ofMillis(LOOK_AGAIN_MILLIS));
        }
    }

    private String couponStatus(Cell cell, Play play) {
        if (cell.row().story == Row.Story.UNPAID) {
            return "";
        }
        return isUsed(play.coupon(cell).couponId()) ? "REDEEMED" : "ISSUED";
    }

    private static JsonNode read(Http http, String token, String path) throws Exception {
        return http.request("GET", path).as(token).send().require(200);
    }

    private static String seatRefusedWith(Cell cell, Play play) {
        try {
            String token = play.token(cell.neighbour());
            while (true) {
                Outcome<?> asked = play.client().hold(token, "next", play.performance(), List.of(cell.seat()));
                boolean passes = !cell.books() || !(asked instanceof Outcome.Refused<?> no) || no.isPassing();
                if (asked instanceof Outcome.Done<?>
                        || !passes
                        || play.deadline().isOver()) {
                    return asked instanceof Outcome.Refused<?> no ? no.code() : "";
                }
                play.deadline().pause(java.time.Duration.ofMillis(LOOK_AGAIN_MILLIS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Findings findings() {
        return findings;
    }

    int toldAgain() {
        return toldAgain;
    }

    long stepsLeft() {
        return stepsLeft;
    }

    long sagasLeft() {
        return sagasLeft;
    }

    Seen seen(Cell cell) {
        return Objects.requireNonNull(seen.get(cell));
    }

    ReservationStatus status(Cell cell) {
        return Objects.requireNonNull(fold.reservationStatuses().get(cell.reservation()), cell::toString);
    }

    SeatState seatInLog(Cell cell, Play play) {
        return fold.takenSeats(play.performance()).getOrDefault(cell.seat(), SeatState.AVAILABLE);
    }

    SeatState seatInMap(SeatLabel seat) {
        return seatMap.getOrDefault(seat.toString(), SeatState.AVAILABLE);
    }

    Booked booked(PaymentId payment) {
        return books.getOrDefault(payment.toString(), Booked.NOTHING);
    }

    long count(PaymentId payment, Class<? extends PaymentEvent> kind) {
        return facts.stream()
                .filter(fact ->
                        kind.isInstance(fact) && kind.cast(fact).paymentId().equals(payment))
                .count();
    }

    boolean isUsed(CouponId coupon) {
        long used = 0;
        for (OnsaleEvent fact : facts) {
            if (fact instanceof CouponRedeemed redeemed && redeemed.couponId().equals(coupon)) {
                used++;
            }
            if (fact instanceof CouponRestored restored && restored.couponId().equals(coupon)) {
                used--;
            }
        }
        return used > 0;
    }

    /** The buyer's points after the last event of the wallet. */
    long balance(Cell cell) {
        long balance = 0;
        for (OnsaleEvent fact : facts) {
            if (fact instanceof WalletEvent wallet && wallet.buyerId().equals(cell.buyer())) {
                balance = wallet.balance().minorUnits();
            }
        }
        return balance;
    }
}
