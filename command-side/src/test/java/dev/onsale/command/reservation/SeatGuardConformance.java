package dev.onsale.command.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Away;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Granted;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.LimitReached;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Taken;
import dev.onsale.testsupport.Races;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * What every way of guarding seats promises, seen from the buyer: on a real store and a real Redis. What only a guard can
 * promise, that a loser costs the writers nothing, is asked of those that claim to be one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SeatGuardConformance {

    /** Well before a claim would lapse by itself. */
    private static final Duration AT_ONCE = Duration.ofSeconds(6);

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int SEATS_PER_BUYER = 4;
    private static final Set<RefusalCode> LOST_A_RACE = Set.of(RefusalCode.SEAT_TAKEN, RefusalCode.OVERLOADED);

    private final boolean turnsAway;
    private final AtomicInteger commandsSent = new AtomicInteger();
    // Started by JUnit before the first test and stopped after the last: four hosts at once are too many.
    private ConfigurableApplicationContext host = NOT_STARTED;
    private static final ConfigurableApplicationContext NOT_STARTED =
            new org.springframework.context.support.StaticApplicationContext();

    /**
     * @param turnsAway whether a loser is refused before it reaches the seats
     */
    SeatGuardConformance(boolean turnsAway) {
        this.turnsAway = turnsAway;
    }

    abstract ConfigurableApplicationContext start();

    @BeforeAll
    void startHost() {
        host = start();
        host.getBean(CommandBus.class).registerDispatchInterceptor(messages -> (index, message) -> {
            if (message.getPayload() instanceof HoldSeats) {
                commandsSent.incrementAndGet();
            }
            return message;
        });
    }

    @AfterAll
    void stopHost() {
        host.close();
    }

    @Test
    void one_seat_has_one_winner_and_everybody_else_is_told_so() throws Exception {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        List<Object> outcomes = Races.returned(Races.together(200, index -> () -> outcome(sale, buyer(index), 1)));
        assertThat(outcomes).hasSize(200);
        assertThat(outcomes.stream().filter(ReservationHeld.class::isInstance)).hasSize(1);
        assertThat(outcomes.stream().filter(LOST_A_RACE::contains)).hasSize(199);
    }

    @Test
    void everybody_gets_a_seat_of_their_own() throws Exception {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        List<Object> outcomes =
                Races.returned(Races.together(200, index -> () -> outcome(sale, buyer(index), index + 1)));
        assertThat(outcomes.stream().filter(ReservationHeld.class::isInstance)).hasSize(200);
    }

    @Test
    void pairs_that_overlap_are_had_whole_or_not_at_all() throws Exception {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        List<Object> outcomes = Races.returned(Races.together(60, index -> () -> {
            int left = 1 + index % 9;
            // Half of them name the pair the other way round: locks in the order of the request would wait for each
            // other.
            return index % 2 == 0
                    ? outcome(sale, buyer(index), left, left + 1)
                    : outcome(sale, buyer(index), left + 1, left);
        }));
        assertThat(outcomes).hasSize(60);
        Set<SeatLabel> had = new HashSet<>();
        for (Object outcome : outcomes) {
            if (outcome instanceof ReservationHeld held) {
                assertThat(held.seats()).hasSize(2);
                assertThat(held.seats()).allMatch(seat -> had.add(seat.seat()));
            }
        }
        assertThat(had).isNotEmpty();
        for (int seat = 1; seat <= 10; seat++) {
            int number = seat;
            if (!had.contains(TestSale.label(number))) {
                await("seat " + number + ", which nobody has")
                        .atMost(AT_ONCE)
                        .until(() -> outcome(sale, buyer(1_000 + number), number) instanceof ReservationHeld);
            }
        }
    }

    @Test
    void who_wanted_a_taken_seat_as_well_leaves_the_other_free() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        hold(sale, ReservationId.next(), buyer(1), 2);
        assertThat(outcome(sale, buyer(2), 1, 2)).isEqualTo(RefusalCode.SEAT_TAKEN);
        assertThat(outcome(sale, buyer(3), 1)).isInstanceOf(ReservationHeld.class);
    }

    @Test
    void each_new_hold_of_a_seat_has_a_greater_token() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        long last = 0;
        for (int round = 0; round < 5; round++) {
            BuyerId buyer = buyer(round);
            ReservationHeld held = hold(sale, ReservationId.next(), buyer, 1);
            assertThat(held.seats().getFirst().fencingToken()).isGreaterThan(last);
            last = held.seats().getFirst().fencingToken();
            cancel(held);
        }
    }

    @Test
    void a_cancelled_seat_is_free_with_the_answer() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        ReservationHeld held = hold(sale, ReservationId.next(), buyer(1), 1, 2);
        assertThat(outcome(sale, buyer(2), 1)).isEqualTo(RefusalCode.SEAT_TAKEN);
        cancel(held);
        assertThat(outcome(sale, buyer(2), 1, 2)).isInstanceOf(ReservationHeld.class);
    }

    @Test
    void one_buyer_gets_no_more_than_the_limit_however_many_requests_at_once() throws Exception {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        List<Object> outcomes = Races.returned(Races.together(20, index -> () -> outcome(sale, buyer(1), index + 1)));
        assertThat(outcomes).hasSize(20);
        assertThat(outcomes.stream().filter(ReservationHeld.class::isInstance)).hasSize(SEATS_PER_BUYER);
        assertThat(outcomes.stream().filter(outcome -> !(outcome instanceof ReservationHeld)))
                .allMatch(outcome -> outcome == RefusalCode.ALLOWANCE_EXCEEDED || outcome == RefusalCode.OVERLOADED);
    }

    @Test
    void what_a_buyer_gives_back_counts_no_longer() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        ReservationHeld held = hold(sale, ReservationId.next(), buyer(1), 1, 2, 3, 4);
        assertThat(outcome(sale, buyer(1), 5)).isEqualTo(RefusalCode.ALLOWANCE_EXCEEDED);
        cancel(held);
        assertThat(outcome(sale, buyer(1), 5, 6, 7, 8)).isInstanceOf(ReservationHeld.class);
        assertThat(outcome(sale, buyer(1), 9)).isEqualTo(RefusalCode.ALLOWANCE_EXCEEDED);
    }

    @Test
    void a_hold_whose_time_is_over_is_free_and_counts_no_longer() {
        PerformanceId sale = onSale(Duration.ofSeconds(1));
        ReservationHeld held = hold(sale, ReservationId.next(), buyer(1), 1, 2, 3, 4);
        await("the hold's end").atMost(PATIENCE).until(() -> !now().isBefore(held.heldUntil()));
        host.getBean(CommandGateway.class)
                .sendAndWait(new ExpireReservation(held.reservationId(), sale), 10, TimeUnit.SECONDS);
        await("four other seats")
                .atMost(AT_ONCE)
                .until(() -> outcome(sale, buyer(1), 5, 6, 7, 8) instanceof ReservationHeld);
        assertThat(outcome(sale, buyer(2), 1, 2, 3, 4)).isInstanceOf(ReservationHeld.class);
    }

    @Test
    void a_lapsed_hold_does_not_keep_its_own_buyer_away() {
        PerformanceId sale = onSale(Duration.ofSeconds(1));
        ReservationHeld held = hold(sale, ReservationId.next(), buyer(1), 1, 2, 3, 4);
        await("the hold's end").atMost(PATIENCE).until(() -> !now().isBefore(held.heldUntil()));
        assertThat(outcome(sale, buyer(1), 1, 2, 3, 4)).isInstanceOf(ReservationHeld.class);
    }

    @Test
    void a_repeat_is_answered_like_the_first() throws Exception {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        ReservationId reservation = ReservationId.next();
        ReservationHeld first = hold(sale, reservation, buyer(1), 1, 2, 3, 4);
        List<ReservationHeld> repeats =
                Races.returned(Races.together(20, index -> () -> hold(sale, reservation, buyer(1), 1, 2, 3, 4)));
        assertThat(repeats).hasSize(20).containsOnly(first);
    }

    @Test
    void no_token_comes_back_after_the_guard_was_lost() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        ReservationHeld first = hold(sale, ReservationId.next(), buyer(1), 1, 2);
        cancel(first);
        host.getBean(StringRedisTemplate.class).delete("onsale:{" + sale + "}:guard:seats");
        ReservationHeld whileLost = hold(sale, ReservationId.next(), buyer(2), 1);
        assertThat(token(whileLost)).isGreaterThan(token(first));
        awaitGuard(sale);
        cancel(whileLost);
        ReservationHeld rebuilt = hold(sale, ReservationId.next(), buyer(3), 1, 2);
        assertThat(token(rebuilt)).isGreaterThan(token(whileLost));
        assertThat(rebuilt.seats().getLast().fencingToken())
                .isGreaterThan(first.seats().getLast().fencingToken());
    }

    @Test
    void who_has_no_chance_never_reaches_the_seats() {
        assumeTrue(turnsAway, "without a guard everybody reaches the seats");
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        hold(sale, ReservationId.next(), buyer(1), 1, 2, 3, 4);
        int before = commandsSent.get();
        for (int index = 0; index < 20; index++) {
            assertThat(outcome(sale, buyer(100 + index), 1)).isEqualTo(RefusalCode.SEAT_TAKEN);
            assertThat(outcome(sale, buyer(1), 5 + index)).isEqualTo(RefusalCode.ALLOWANCE_EXCEEDED);
        }
        assertThat(commandsSent.get()).as("commands sent").isEqualTo(before);
    }

    @Test
    void a_claim_of_all_seats_or_none_is_granted_once_and_again_to_the_same_reservation() {
        assumeTrue(turnsAway, "without a guard nothing is claimed");
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        ReservationId first = ReservationId.next();
        assertThat(claim(sale, first, 1, 1, 2)).isEqualTo(new Granted(List.of(1L, 1L)));
        assertThat(claim(sale, first, 1, 1, 2)).as("a repeat").isEqualTo(new Granted(List.of(1L, 1L)));
        assertThat(claim(sale, ReservationId.next(), 2, 2, 3)).isEqualTo(new Taken(TestSale.label(2)));
        assertThat(claim(sale, ReservationId.next(), 3, 3)).as("all or nothing").isEqualTo(new Granted(List.of(1L)));
    }

    @Test
    void claims_that_are_not_decided_yet_count_for_their_buyer_until_they_lapse_or_are_given_back() {
        assumeTrue(turnsAway, "without a guard nothing is claimed");
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        ReservationId first = ReservationId.next();
        claim(sale, first, 1, 1, 2);
        claim(sale, ReservationId.next(), 1, 3, 4);
        assertThat(claim(sale, ReservationId.next(), 1, 5)).isEqualTo(new LimitReached(4));
        get(guard().release(sale, first, buyer(1), labels(1, 2)));
        assertThat(claim(sale, ReservationId.next(), 1, 5)).isInstanceOf(Granted.class);
        assertThat(claim(sale, ReservationId.next(), 1, 6, 7)).isEqualTo(new LimitReached(3));
        assertThat(get(guard().claim(request(sale, ReservationId.next(), 1, now().plusSeconds(11), 1, 2, 3, 4))))
                .as("when all of them have lapsed")
                .isInstanceOf(Granted.class);
    }

    @Test
    void a_claim_given_back_is_free_for_others_and_its_token_never_comes_back() {
        assumeTrue(turnsAway, "without a guard nothing is claimed");
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        ReservationId first = ReservationId.next();
        claim(sale, first, 1, 1);
        get(guard().release(sale, ReservationId.next(), buyer(2), labels(1)));
        assertThat(claim(sale, ReservationId.next(), 2, 1))
                .as("given back by a stranger")
                .isInstanceOf(Taken.class);
        get(guard().release(sale, first, buyer(1), labels(1)));
        assertThat(claim(sale, ReservationId.next(), 2, 1)).isEqualTo(new Granted(List.of(2L)));
    }

    private PerformanceId onSale(Duration hold) {
        PerformanceId id = PerformanceId.next();
        host.getBean(CommandGateway.class).sendAndWait(TestSale.schedule(id, 200, hold, now()), 30, TimeUnit.SECONDS);
        awaitGuard(id);
        return id;
    }

    private void awaitGuard(PerformanceId sale) {
        await("the guard of the sale")
                .atMost(PATIENCE)
                .until(() -> !(get(guard().claim(request(sale, ReservationId.next(), 999, Instant.EPOCH, 200)))
                        instanceof Away));
    }

    private void cancel(ReservationHeld held) {
        host.getBean(CommandGateway.class)
                .sendAndWait(
                        new CancelReservation(held.reservationId(), held.performanceId(), held.buyerId()),
                        10,
                        TimeUnit.SECONDS);
        // As the controller does before it answers.
        get(guard().freed(
                        held.performanceId(),
                        held.reservationId(),
                        held.buyerId(),
                        held.seats().stream().map(HeldSeat::seat).toList()));
    }

    private Object outcome(PerformanceId sale, BuyerId buyer, int... seats) {
        try {
            return hold(sale, ReservationId.next(), buyer, seats);
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RefusedException refused) {
                return refused.code();
            }
            throw failure;
        }
    }

    private ReservationHeld hold(PerformanceId sale, ReservationId reservation, BuyerId buyer, int... seats) {
        return get(host.getBean(HoldService.class).hold(reservation, sale, buyer, labels(seats)));
    }

    private SeatClaims claim(PerformanceId sale, ReservationId reservation, int buyer, int... seats) {
        return get(guard().claim(request(sale, reservation, buyer, now(), seats)));
    }

    private static SeatGuard.Request request(
            PerformanceId sale, ReservationId reservation, int buyer, Instant now, int... seats) {
        return new SeatGuard.Request(sale, reservation, buyer(buyer), labels(seats), SEATS_PER_BUYER, now);
    }

    private SeatGuard guard() {
        return host.getBean(SeatGuard.class);
    }

    private Instant now() {
        return host.getBean(Clock.class).instant();
    }

    private static long token(ReservationHeld held) {
        return held.seats().getFirst().fencingToken();
    }

    private static BuyerId buyer(int number) {
        return BuyerId.of("buyer-" + number);
    }

    private static List<SeatLabel> labels(int... numbers) {
        return IntStream.of(numbers).mapToObj(TestSale::label).toList();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }
}
