package dev.onsale.command.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ConfirmReservation;
import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.command.guard.GuardProbe;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Granted;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.testsupport.Races;
import dev.onsale.testsupport.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** Several buyers book and cancel the same few seats round after round: what is sold never exceeds what there is, nor falls below 0. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class BookAndCancelTest {

    private static final int SEATS = 12;
    private static final int BUYERS = 12;
    private static final int ROUNDS = 25;

    private final ConfigurableApplicationContext host = CommandSideHost.start(TestDatabase.fresh());
    private final HoldService desk = host.getBean(HoldService.class);
    private final CommandSender commands = host.getBean(CommandSender.class);
    private final Clock clock = host.getBean(Clock.class);

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void after_any_number_of_bookings_and_cancellations_every_seat_is_there_once() throws Exception {
        PerformanceId sale = PerformanceId.next();
        send(TestSale.schedule(sale, SEATS, Duration.ofMinutes(5), clock.instant()));
        List<Races.Outcome<Integer>> outcomes =
                Races.together(BUYERS, buyer -> () -> booksAndCancels(sale, buyer, new Random(buyer)));
        assertThat(Races.failures(outcomes)).isEmpty();
        assertThat(Races.returned(outcomes).stream().mapToInt(Integer::intValue).sum())
                .as("rounds that got seats")
                .isGreaterThan(BUYERS);
        assertThat(seatsTakenInTheEnd(sale)).isEmpty();
        await("every seat free in the guard as well")
                .atMost(Duration.ofSeconds(60))
                .until(() -> isFreeInGuard(sale));
        assertThat(desk.holdBest(ReservationId.next(), sale, BuyerId.of("last"), 4, null)
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS)
                        .seats())
                .hasSize(4);
    }

    @Test
    void only_what_is_held_or_booked_can_be_cancelled_and_twice_is_as_once() throws Exception {
        PerformanceId sale = PerformanceId.next();
        send(TestSale.schedule(sale, SEATS, Duration.ofSeconds(1), clock.instant()));
        assertThat(refusal(new CancelReservation(ReservationId.next(), sale, buyer(1))))
                .as("a reservation that never was")
                .isEqualTo(RefusalCode.RESERVATION_NOT_FOUND);
        ReservationHeld held = desk.holdBest(ReservationId.next(), sale, buyer(1), 2, null)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        assertThat(refusal(new CancelReservation(held.reservationId(), sale, buyer(2))))
                .as("somebody else's")
                .isEqualTo(RefusalCode.RESERVATION_NOT_FOUND);
        await("the end of the hold").atMost(Duration.ofSeconds(60)).until(() -> !clock.instant()
                .isBefore(held.heldUntil()));
        send(new ExpireReservation(held.reservationId(), sale));
        assertThat(refusal(new CancelReservation(held.reservationId(), sale, buyer(1))))
                .as("a hold that is over")
                .isEqualTo(RefusalCode.HOLD_EXPIRED);
        assertThat(seatsTakenInTheEnd(sale)).isEmpty();
    }

    private int booksAndCancels(PerformanceId sale, int buyer, Random random) throws Exception {
        int got = 0;
        for (int round = 0; round < ROUNDS; round++) {
            ReservationId id = ReservationId.next();
            int quantity = 1 + random.nextInt(3);
            ReservationHeld held;
            try {
                if (random.nextBoolean()) {
                    held = desk.holdBest(id, sale, buyer(buyer), quantity, null)
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS);
                } else {
                    SeatLabel seat = TestSale.label(1 + random.nextInt(SEATS));
                    held = desk.hold(id, sale, buyer(buyer), List.of(seat))
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS);
                }
            } catch (ExecutionException failure) {
                assertThat(failure.getCause()).isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(
                                refused.code())
                        .isIn(RefusalCode.SEAT_TAKEN, RefusalCode.NOT_ENOUGH_SEATS, RefusalCode.STALE_FENCING_TOKEN));
                continue;
            }
            got++;
            boolean books = random.nextBoolean();
            PaymentId payment = PaymentId.next();
            if (books) {
                send(new RequestPayment(id, sale, buyer(buyer), payment, new PaymentMethod.Card("tok_approved")));
                // Under way or already confirmed, a cancellation is taken.
                if (random.nextInt(4) > 0) {
                    send(new ConfirmReservation(id, sale, payment));
                } else {
                    books = false;
                }
            }
            Object first = send(new CancelReservation(id, sale, buyer(buyer)));
            assertThat(((ReservationCancelled) first).refundOf()).isEqualTo(books ? payment : null);
            assertThat(send(new CancelReservation(id, sale, buyer(buyer)))).isEqualTo(first);
            // As the controller does before it answers; else the guard counts the seats until the log reaches it.
            host.getBean(SeatGuard.class)
                    .freed(
                            sale,
                            id,
                            buyer(buyer),
                            held.seats().stream().map(HeldSeat::seat).toList())
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        }
        return got;
    }

    /** Folds the log in its order; at no point a seat is taken twice or given back that was not taken. */
    private Set<String> seatsTakenInTheEnd(PerformanceId sale) {
        List<StoredEvent> facts = host
                .getBean(StoredEvents.class)
                .ofAggregatesWithPrefix(sale + ":", sale + ":", Long.MAX_VALUE, StoredEvents.PAGE_SIZE_MAX)
                .stream()
                .sorted(Comparator.comparingLong(StoredEvent::position))
                .toList();
        assertThat(facts).hasSizeLessThan(StoredEvents.PAGE_SIZE_MAX);
        Set<String> taken = new HashSet<>();
        for (StoredEvent fact : facts) {
            switch (fact.type()) {
                case "onsale.seat-held" ->
                    assertThat(taken.add(fact.aggregateId()))
                            .as("held: %s", fact)
                            .isTrue();
                case "onsale.seat-booked" ->
                    assertThat(taken).as("booked: %s", fact).contains(fact.aggregateId());
                default ->
                    assertThat(taken.remove(fact.aggregateId()))
                            .as("given back: %s", fact)
                            .isTrue();
            }
            assertThat(SEATS - taken.size()).as("free seats").isBetween(0, SEATS);
        }
        return taken;
    }

    private boolean isFreeInGuard(PerformanceId sale) {
        GuardProbe guard = GuardProbe.of(host);
        return IntStream.rangeClosed(1, SEATS)
                .allMatch(seat -> guard.saysOf(sale, TestSale.label(seat)) instanceof Granted);
    }

    private static BuyerId buyer(int number) {
        return BuyerId.of("buyer-" + number);
    }

    @SuppressWarnings("NullAway") // Handlers of void answer with null, which the gateway's signature does not tell.
    private Object send(OnsaleCommand command) throws Exception {
        // A command without an answer is answered with itself.
        return Optional.ofNullable(commands.send(command, Object.class)
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS))
                .orElse(command);
    }

    private RefusalCode refusal(OnsaleCommand command) throws Exception {
        try {
            Object answer = send(command);
            throw new AssertionError("No refusal but " + answer);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RefusedException refused) {
                return refused.code();
            }
            throw failure;
        }
    }
}
