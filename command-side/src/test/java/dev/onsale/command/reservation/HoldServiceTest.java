package dev.onsale.command.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.GuardProbe;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Away;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.testsupport.Races;
import dev.onsale.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The whole way of a hold but HTTP: shape, guard, command, and the claims afterwards. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class HoldServiceTest {

    private static final BuyerId ALICE = BuyerId.of("alice");

    private final ConfigurableApplicationContext host = CommandSideHost.start(
            // Longer than a slow machine needs for a test.
            TestDatabase.fresh(), "--onsale.command.guard.best-seats-memory=PT10S");
    private final HoldService desk = host.getBean(HoldService.class);
    private final CommandGateway commands = host.getBean(CommandGateway.class);

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void a_repeat_of_a_hold_that_was_cancelled_blocks_nobody() {
        PerformanceId sale = onSale();
        ReservationId reservation = ReservationId.next();
        ReservationHeld held = hold(sale, reservation, ALICE, 1);
        commands.sendAndWait(new CancelReservation(reservation, sale, ALICE), 10, TimeUnit.SECONDS);
        assertThat(hold(sale, reservation, ALICE, 1))
                .as("the answer of the first try")
                .isEqualTo(held);
        // Well before a claim would lapse by itself.
        await("the seat for somebody else")
                .atMost(Duration.ofSeconds(6))
                .until(() -> outcome(sale, 2, 1) instanceof ReservationHeld);
    }

    @Test
    void a_thousand_buyers_of_one_seat_have_one_winner_and_999_times_seat_taken() throws Exception {
        PerformanceId sale = onSale();
        List<Object> outcomes = Races.returned(Races.together(1_000, index -> () -> outcome(sale, index, 1)));
        assertThat(outcomes.stream().filter(ReservationHeld.class::isInstance)).hasSize(1);
        assertThat(outcomes.stream().filter(RefusalCode.SEAT_TAKEN::equals)).hasSize(999);
    }

    @Test
    void a_thousand_buyers_of_a_thousand_seats_all_win() throws Exception {
        PerformanceId sale = onSale();
        List<Object> outcomes = Races.returned(Races.together(1_000, index -> () -> outcome(sale, index, index + 1)));
        assertThat(outcomes.stream().filter(ReservationHeld.class::isInstance)).hasSize(1_000);
    }

    @Test
    void the_same_key_a_hundred_times_at_once_is_one_reservation() throws Exception {
        PerformanceId sale = onSale();
        ReservationId reservation = ReservationId.next();
        List<ReservationHeld> answers =
                Races.returned(Races.together(100, index -> () -> hold(sale, reservation, ALICE, 1)));
        assertThat(answers).hasSize(100);
        assertThat(answers.stream().distinct()).hasSize(1);
    }

    @Test
    void the_same_key_a_hundred_times_at_once_gets_the_same_best_seats() throws Exception {
        PerformanceId sale = onSale();
        ReservationId reservation = ReservationId.next();
        List<ReservationHeld> answers = Races.returned(Races.together(
                100,
                index -> () -> desk.holdBest(reservation, sale, ALICE, 2, "Stalls")
                        .toCompletableFuture()
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join()));
        assertThat(answers).hasSize(100);
        assertThat(answers.stream().distinct()).hasSize(1);
    }

    @Test
    void a_crowd_for_the_best_seats_of_a_sold_out_hall_does_not_reach_the_writer() throws Exception {
        PerformanceId sale = onSale(4);
        ReservationId winner = ReservationId.next();
        ReservationHeld held = (ReservationHeld) best(sale, winner, ALICE, 4);
        assertThat(best(sale, ReservationId.next(), BuyerId.of("first"), 1)).isEqualTo(RefusalCode.NOT_ENOUGH_SEATS);
        double before = decided();

        List<Object> outcomes = Races.returned(Races.together(
                200, index -> () -> best(sale, ReservationId.next(), BuyerId.of("crowd-" + index), 1 + index % 4)));

        assertThat(outcomes).hasSize(200).allMatch(RefusalCode.NOT_ENOUGH_SEATS::equals);
        assertThat(decided() - before).isLessThan(100);
        assertThat(best(sale, winner, ALICE, 4)).as("a repeat").isEqualTo(held);
        desk.cancel(performance -> new CancelReservation(winner, performance, ALICE), winner)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        assertThat(best(sale, ReservationId.next(), BuyerId.of("late"), 4)).isInstanceOf(ReservationHeld.class);
    }

    private double decided() {
        return host.getBean(MeterRegistry.class)
                .get("onsale.writer.batch.commands")
                .summary()
                .totalAmount();
    }

    private Object best(PerformanceId sale, ReservationId reservation, BuyerId buyer, int quantity) {
        try {
            return desk.holdBest(reservation, sale, buyer, quantity, null)
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

    @Test
    void a_token_from_before_a_guard_loss_is_refused_and_writes_nothing() {
        PerformanceId sale = onSale();
        SeatGuard.SeatClaims claims = GuardProbe.of(host).saysOf(sale, TestSale.label(1));
        assertThat(claims).isInstanceOf(SeatGuard.SeatClaims.Granted.class);
        long old = ((SeatGuard.SeatClaims.Granted) claims).fencingTokens().getFirst();
        host.getBean(StringRedisTemplate.class)
                .delete(List.of("onsale:{" + sale + "}:guard:seats", "onsale:{" + sale + "}:guard:epoch"));
        ReservationId newer = ReservationId.next();
        assertThat(desk.holdBest(newer, sale, ALICE, 4, null)
                        .toCompletableFuture()
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join()
                        .seats())
                .hasSize(4);
        commands.sendAndWait(new CancelReservation(newer, sale, ALICE), 10, TimeUnit.SECONDS);
        ReservationHeld first = (ReservationHeld) await("the first seat by name")
                .atMost(Duration.ofSeconds(60))
                .until(() -> outcome(sale, 2, 1), ReservationHeld.class::isInstance);
        commands.sendAndWait(
                new CancelReservation(Objects.requireNonNull(first).reservationId(), sale, first.buyerId()),
                10,
                TimeUnit.SECONDS);
        long head = host.getBean(StoredEvents.class).head();
        assertThatThrownBy(() -> commands.sendAndWait(
                        TestSale.hold(ReservationId.next(), sale, BuyerId.of("frozen"), 1, old), 10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.code())
                        .isEqualTo(RefusalCode.STALE_FENCING_TOKEN));
        assertThat(host.getBean(StoredEvents.class).head()).isEqualTo(head);
    }

    @Test
    void a_made_up_seat_or_performance_never_reaches_the_guard() {
        PerformanceId sale = onSale();
        assertThatThrownBy(() -> desk.hold(ReservationId.next(), sale, ALICE, List.of(SeatLabel.of("made-up")))
                        .toCompletableFuture()
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join())
                .hasCauseInstanceOf(RefusedException.class);
        assertThat(outcome(PerformanceId.next(), 1, 1)).isEqualTo(RefusalCode.PERFORMANCE_NOT_FOUND);
    }

    private PerformanceId onSale() {
        return onSale(1_000);
    }

    private PerformanceId onSale(int seats) {
        PerformanceId id = PerformanceId.next();
        commands.sendAndWait(
                TestSale.schedule(
                        id,
                        seats,
                        Duration.ofMinutes(5),
                        host.getBean(Clock.class).instant()),
                30,
                TimeUnit.SECONDS);
        SeatGuard guard = host.getBean(SeatGuard.class);
        await("the guard of a new sale")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !(guard.claim(new SeatGuard.Request(
                                        id,
                                        ReservationId.next(),
                                        BuyerId.of("nobody"),
                                        List.of(TestSale.label(seats)),
                                        4,
                                        Instant.EPOCH))
                                .toCompletableFuture()
                                .orTimeout(5, TimeUnit.SECONDS)
                                .join()
                        instanceof Away));
        return id;
    }

    private Object outcome(PerformanceId sale, int buyer, int seat) {
        try {
            return hold(sale, ReservationId.next(), BuyerId.of("buyer-" + buyer), seat);
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RefusedException refused) {
                return refused.code();
            }
            throw failure;
        }
    }

    private ReservationHeld hold(PerformanceId sale, ReservationId reservation, BuyerId buyer, int seat) {
        return desk.hold(reservation, sale, buyer, List.of(TestSale.label(seat)))
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
