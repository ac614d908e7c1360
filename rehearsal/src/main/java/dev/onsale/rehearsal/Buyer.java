package dev.onsale.rehearsal;

import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.api.view.PaymentView;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.api.view.ReservationView;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.client.OnsaleClient.Cancelled;
import dev.onsale.rehearsal.client.OnsaleClient.Held;
import dev.onsale.rehearsal.client.OnsaleClient.PaymentAccepted;
import dev.onsale.rehearsal.client.Outcome;
import dev.onsale.rehearsal.client.Outcome.Done;
import dev.onsale.rehearsal.client.Outcome.Refused;
import dev.onsale.rehearsal.client.RequestKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A simulated buyer of seats, from the waiting room to the end of its plan. */
final class Buyer implements Crowd.Person {

    private static final int PAYMENTS_MAX = 4;
    private static final Duration FIRST_LOOK = Duration.ofMillis(250);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);
    private static final Set<PaymentStatus> NOT_PAID =
            EnumSet.of(PaymentStatus.DECLINED, PaymentStatus.FAILED, PaymentStatus.VOIDED);

    private final RehearsalContext play;
    private final BuyerPlan plan;
    private final String token;
    private final OnsaleClient client;

    Buyer(RehearsalContext play, BuyerPlan plan, String token) {
        this.play = play;
        this.plan = plan;
        this.token = token;
        this.client = play.client();
    }

    @Override
    public void act() throws InterruptedException {
        if (!play.room().pass(plan.buyer(), token, plan.doubleClicks())) {
            play.tally().saw(RehearsalCounters.Sight.NOT_ADMITTED);
            return;
        }
        Optional<Held> held = hold();
        if (held.isEmpty()) {
            play.tally().saw(RehearsalCounters.Sight.SEAT_NOT_FOUND);
            // Gives the place to the next visitor. A buyer with held seats leaves when the reservation ends.
            client.leave(token, play.sale().performance());
            return;
        }
        ReservationId reservation = held.get().reservationId();
        play.tally().saw(RehearsalCounters.Sight.SEAT_HELD);
        switch (plan.intention()) {
            case ABANDONS -> play.tally().saw(RehearsalCounters.Sight.HOLD_ABANDONED);
            case CANCELS_HOLD -> cancel(reservation, RehearsalCounters.Sight.HOLD_CANCELLED);
            case PAYS -> pay(reservation);
            case CANCELS_BOOKING -> {
                if (pay(reservation)) {
                    cancel(reservation, RehearsalCounters.Sight.BOOKING_CANCELLED);
                }
            }
        }
    }

    private Optional<Held> hold() throws InterruptedException {
        int number = 0;
        for (SeatLabel seat : plan.wishes()) {
            String key = plan.buyer() + "-hold-" + number++;
            Outcome<Held> outcome = play.patience()
                    .ask(
                            plan.buyer(),
                            "hold",
                            plan.doubleClicks(),
                            () -> client.hold(token, key, play.sale().performance(), List.of(seat)));
            if (outcome instanceof Done<Held> done) {
                Held held = done.value();
                play.told()
                        .held(
                                held.reservationId(),
                                plan.buyer(),
                                held.seats().stream().map(HeldSeat::seat).toList());
                play.redisLoss().seatHeld();
                return Optional.of(held);
            }
            if (outcome instanceof Refused<Held> no && no.code().equals("NOT_ADMITTED")) {
                play.room().notAdmitted(plan.buyer());
            }
            // Only a taken seat makes the buyer try another one.
            boolean taken = outcome instanceof Refused<Held> no && no.code().equals("SEAT_TAKEN");
            if (!taken || play.deadline().isOver()) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private boolean pay(ReservationId reservation) throws InterruptedException {
        for (int number = 0; number < PAYMENTS_MAX; number++) {
            String key = plan.buyer() + "-pay-" + number;
            Outcome<PaymentAccepted> outcome = play.patience()
                    .ask(plan.buyer(), "pay", false, () -> client.pay(token, key, reservation, "tok_rehearsal"));
            if (!(outcome instanceof Done<PaymentAccepted> done)) {
                play.tally().saw(RehearsalCounters.Sight.NOT_PAID);
                return false;
            }
            play.told().paymentTaken(reservation, done.value().paymentId());
            switch (watch(reservation, done.value().paymentId())) {
                case BOOKED -> {
                    play.told().booked(reservation);
                    play.tally().saw(RehearsalCounters.Sight.BOOKED);
                    return true;
                }
                case DECLINED -> play.tally().saw(RehearsalCounters.Sight.PAYMENT_DECLINED);
                case OVER -> {
                    play.tally().saw(RehearsalCounters.Sight.NOT_PAID);
                    return false;
                }
            }
        }
        play.tally().saw(RehearsalCounters.Sight.NOT_PAID);
        return false;
    }

    private enum Sight {
        BOOKED,
        DECLINED,
        OVER
    }

    private Sight watch(ReservationId reservation, PaymentId payment) throws InterruptedException {
        Duration pause = FIRST_LOOK;
        while (!play.deadline().isOver()) {
            play.deadline().pause(pause);
            pause = pause.multipliedBy(3).dividedBy(2);
            pause = pause.compareTo(LONGEST_LOOK) < 0 ? pause : LONGEST_LOOK;
            Outcome<ReservationView> look = client.reservation(RequestKind.WATCH, token, reservation);
            if (look instanceof Outcome.Unknown<ReservationView>) {
                play.tally().unanswered();
            }
            // The read model may be behind the log, so a reservation that is not found is read again.
            if (look instanceof Done<ReservationView> done) {
                ReservationView view = done.value();
                if (view.status() == ReservationStatus.CONFIRMED) {
                    return Sight.BOOKED;
                }
                if (view.status() == ReservationStatus.EXPIRED || view.status() == ReservationStatus.CANCELLED) {
                    return Sight.OVER;
                }
                if (view.status() == ReservationStatus.HELD && isNotPaid(view.payment(), payment)) {
                    return Sight.DECLINED;
                }
            }
        }
        return Sight.OVER;
    }

    private static boolean isNotPaid(@org.jspecify.annotations.Nullable PaymentView view, PaymentId payment) {
        return view != null && view.paymentId().equals(payment) && NOT_PAID.contains(view.status());
    }

    private void cancel(ReservationId reservation, RehearsalCounters.Sight sight) throws InterruptedException {
        Outcome<Cancelled> outcome =
                play.patience().ask(plan.buyer(), "cancel", false, () -> client.cancel(token, reservation));
        if (outcome instanceof Done<Cancelled>) {
            play.told().cancelled(reservation);
            play.tally().saw(sight);
        }
    }
}
