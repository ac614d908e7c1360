package dev.onsale.command.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.command.guard.GuardProbe;
import dev.onsale.command.guard.TestSale;
import dev.onsale.testsupport.Races;
import dev.onsale.testsupport.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** Payment, expiry and new holds meet at the instant that a hold ends: a hundred seats, five who want something of each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class BoundaryInstantTest {

    private static final Duration HOLD = Duration.ofMinutes(5);
    private static final int SEATS = 100;
    private static final int RIVALS = 5;

    private final TestClock clock = new TestClock();
    private final ConfigurableApplicationContext host = CommandSideHost.start(TestDatabase.fresh(), clock);
    private final HoldService desk = host.getBean(HoldService.class);
    private final CommandSender commands = host.getBean(CommandSender.class);

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void a_millisecond_before_its_end_a_hold_can_be_paid_and_nobody_gets_the_seats() throws Exception {
        Sale sale = soldOut();
        clock.set(sale.held.getFirst().heldUntil().minusMillis(1));
        List<List<Object>> outcomes = race(sale, () -> {});
        for (List<Object> ofSeat : outcomes) {
            assertThat(ofSeat.get(0)).isInstanceOf(PaymentRequested.class);
            assertThat(ofSeat.subList(2, RIVALS))
                    .containsOnly(RefusalCode.SEAT_TAKEN, RefusalCode.NOT_ENOUGH_SEATS)
                    .endsWith(RefusalCode.NOT_ENOUGH_SEATS);
        }
    }

    @Test
    void at_the_instant_itself_no_payment_begins_and_each_seat_has_one_new_holder() throws Exception {
        Sale sale = soldOut();
        clock.set(sale.held.getFirst().heldUntil());
        List<List<Object>> outcomes = race(sale, () -> {});
        List<SeatLabel> again = new ArrayList<>();
        for (List<Object> ofSeat : outcomes) {
            assertThat(ofSeat.get(0)).isIn(RefusalCode.HOLD_EXPIRED, RefusalCode.STALE_FENCING_TOKEN);
            ofSeat.stream()
                    .filter(ReservationHeld.class::isInstance)
                    .map(ReservationHeld.class::cast)
                    .flatMap(held -> held.seats().stream())
                    .forEach(seat -> {
                        assertThat(seat.fencingToken()).isGreaterThan(1);
                        again.add(seat.seat());
                    });
        }
        assertThat(again).as("each seat once").doesNotHaveDuplicates().hasSize(SEATS);
    }

    @Test
    void while_time_passes_the_end_a_seat_goes_to_the_payer_or_to_one_new_holder() throws Exception {
        Sale sale = soldOut();
        clock.set(sale.held.getFirst().heldUntil().minusMillis(1));
        List<List<Object>> outcomes = race(sale, () -> clock.advance(Duration.ofMillis(1)));
        List<SeatLabel> taken = new ArrayList<>();
        for (int seat = 0; seat < SEATS; seat++) {
            if (outcomes.get(seat).getFirst() instanceof PaymentRequested) {
                taken.add(sale.held.get(seat).seats().getFirst().seat());
            }
            outcomes.get(seat).stream()
                    .filter(ReservationHeld.class::isInstance)
                    .map(ReservationHeld.class::cast)
                    .flatMap(held -> held.seats().stream())
                    .map(HeldSeat::seat)
                    .forEach(taken::add);
        }
        assertThat(taken).as("each seat at most once").doesNotHaveDuplicates();
    }

    private record Sale(PerformanceId id, List<ReservationHeld> held) {}

    /** For each seat: its payment, its expiry, two who name it, and one who wants the best seat there is. */
    private List<List<Object>> race(Sale sale, Runnable meanwhile) throws InterruptedException {
        List<Optional<Object>> flat = Races.returned(Races.together(SEATS * RIVALS + 1, index -> () -> {
            if (index == SEATS * RIVALS) {
                meanwhile.run();
                return Optional.empty();
            }
            ReservationHeld old = sale.held.get(index / RIVALS);
            BuyerId rival = BuyerId.of("rival-" + index);
            List<SeatLabel> seat = List.of(old.seats().getFirst().seat());
            return Optional.of(
                    switch (index % RIVALS) {
                        case 0 ->
                            outcome(() -> commands.send(
                                    new RequestPayment(
                                            old.reservationId(),
                                            sale.id,
                                            old.buyerId(),
                                            PaymentId.next(),
                                            new PaymentMethod.Card("tok_approved")),
                                    PaymentRequested.class));
                        case 1 ->
                            outcome(() -> commands.send(
                                            new ExpireReservation(old.reservationId(), sale.id), Object.class)
                                    .thenApply(Optional::ofNullable));
                        case 2, 3 -> outcome(() -> desk.hold(ReservationId.next(), sale.id, rival, seat));
                        default -> outcome(() -> desk.holdBest(ReservationId.next(), sale.id, rival, 1, null));
                    });
        }));
        assertThat(flat).hasSize(SEATS * RIVALS + 1);
        return IntStream.range(0, SEATS)
                .mapToObj(seat -> flat.subList(seat * RIVALS, (seat + 1) * RIVALS).stream()
                        .map(Optional::orElseThrow)
                        .toList())
                .toList();
    }

    private Sale soldOut() throws Exception {
        PerformanceId id = PerformanceId.next();
        commands.send(TestSale.schedule(id, SEATS, HOLD, clock.instant()), Object.class)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        GuardProbe.of(host).awaitComplete(id, TestSale.label(1));
        List<ReservationHeld> held = Races.returned(Races.together(
                SEATS,
                index -> () -> desk.hold(
                                ReservationId.next(),
                                id,
                                BuyerId.of("first-" + index),
                                List.of(TestSale.label(index + 1)))
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS)));
        assertThat(held).hasSize(SEATS);
        return new Sale(id, held);
    }

    private static Object outcome(Supplier<CompletionStage<?>> request) {
        try {
            return request.get()
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RefusedException refused) {
                return refused.code();
            }
            throw failure;
        }
    }
}
