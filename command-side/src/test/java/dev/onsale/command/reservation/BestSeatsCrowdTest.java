package dev.onsale.command.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.GuardProbe;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Granted;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Taken;
import dev.onsale.testsupport.Races;
import dev.onsale.testsupport.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;

/** Crowds that want the best seats, on real services. A chooser outside the writer refused 84 % of 160 buyers of pairs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class BestSeatsCrowdTest {

    private static final Logger log = LoggerFactory.getLogger(BestSeatsCrowdTest.class);
    private static final int BUYERS = 160;
    private static final int SEATS_IN_ROW = 16;

    private final TestDatabase database = TestDatabase.fresh();
    private final ConfigurableApplicationContext host = CommandSideHost.start(database, CommandSideHost.NO_NODE_LEASE);
    private final HoldService desk = host.getBean(HoldService.class);
    private final CommandGateway commands = host.getBean(CommandGateway.class);
    private final GuardProbe probe = GuardProbe.of(host);

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void a_hundred_and_sixty_buyers_of_pairs_all_sit_together_and_leave_no_single_seat() throws Exception {
        PerformanceId sale = onSale(22, SEATS_IN_ROW);
        long begun = System.nanoTime();
        List<Object> outcomes = Races.returned(Races.together(BUYERS, index -> () -> best(desk, sale, index, 2)));
        long refused = outcomes.stream().filter(RefusalCode.class::isInstance).count();
        log.warn(
                "{} buyers of pairs at once: {} refused ({} %), in {} ms",
                BUYERS, refused, 100 * refused / BUYERS, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        assertThat(refused).isZero();
        assertThat(held(outcomes)).hasSize(BUYERS).allMatch(BestSeatsCrowdTest::sitTogether);
        assertThat(singleSeatsLeft(22, seats(outcomes))).isEmpty();
    }

    @Test
    void with_too_few_seats_exactly_as_many_pairs_are_sold_as_there_are() throws Exception {
        PerformanceId sale = onSale(10, 15); // Odd rows: the last pairs are split rather than refused.
        assertThat(best(desk, sale, BUYERS + 1, 1)).isInstanceOf(ReservationHeld.class);
        List<Object> outcomes = Races.returned(Races.together(BUYERS, index -> () -> best(desk, sale, index, 2)));
        assertThat(held(outcomes)).hasSize(149 / 2);
        assertThat(outcomes.stream().filter(RefusalCode.NOT_ENOUGH_SEATS::equals))
                .hasSize(BUYERS - 149 / 2);
        assertThat(seats(outcomes)).hasSize(148);
    }

    @Test
    void who_names_seats_and_who_wants_the_best_never_get_the_same_and_the_guard_learns_of_all() throws Exception {
        PerformanceId sale = onSale(20, SEATS_IN_ROW);
        List<Object> outcomes = Races.returned(Races.together(BUYERS, index -> () -> {
            if (index % 2 == 0) {
                return best(desk, sale, index, 2);
            }
            int row = 1 + index / 2 % 10;
            int seat = 1 + index % (SEATS_IN_ROW - 1);
            return named(sale, index, row + "-" + seat, row + "-" + (seat + 1));
        }));
        Set<String> taken = seats(outcomes);
        assertThat(taken).as("no seat twice").hasSize(2 * held(outcomes).size());
        assertThat(outcomes.stream().filter(RefusalCode.class::isInstance))
                .as("the best seats are never refused while there are enough")
                .containsOnly(RefusalCode.SEAT_TAKEN);
        for (int index = 0; index < BUYERS; index += 2) {
            assertThat(outcomes.get(index)).isInstanceOf(ReservationHeld.class);
        }
        await("the guard to know each seat that is taken")
                .atMost(Duration.ofSeconds(60))
                .until(() -> taken.stream().allMatch(seat -> guardSays(sale, seat) instanceof Taken));
        List<String> free = labels(20, seat -> !taken.contains(seat));
        // A claim that lost against the writer is given back, also if the log told of the winner in between.
        await("the guard to have no other").atMost(Duration.ofSeconds(60)).until(() -> free.stream()
                .allMatch(seat -> guardSays(sale, seat) instanceof Granted));
    }

    @Test
    void tokens_grow_in_turn_whoever_hands_them_out() {
        PerformanceId sale = onSale(1, 1);
        SeatLabel seat = SeatLabel.of("1-1");
        long last = 0;
        for (int round = 0; round < 6; round++) {
            int buyer = round;
            ReservationId reservation = ReservationId.next();
            // The guard may be behind the log for a moment; then its token is refused and not used.
            ReservationHeld held = (ReservationHeld) await("the seat for round " + round)
                    .atMost(Duration.ofSeconds(60))
                    .until(
                            () -> buyer % 2 == 0
                                    ? outcome(() -> desk.holdBest(reservation, sale, buyer(buyer), 1, null)
                                            .toCompletableFuture()
                                            .orTimeout(30, TimeUnit.SECONDS)
                                            .join())
                                    : outcome(() -> desk.hold(reservation, sale, buyer(buyer), List.of(seat))
                                            .toCompletableFuture()
                                            .orTimeout(30, TimeUnit.SECONDS)
                                            .join()),
                            ReservationHeld.class::isInstance);
            long token = Objects.requireNonNull(held).seats().getFirst().fencingToken();
            assertThat(token).isGreaterThan(last);
            last = token;
            commands.sendAndWait(new CancelReservation(reservation, sale, buyer(buyer)), 10, TimeUnit.SECONDS);
        }
        long newest = last;
        await("the guard to go on from the newest token")
                .atMost(Duration.ofSeconds(60))
                .until(() -> guardSays(sale, "1-1") instanceof Granted granted
                        && granted.fencingTokens().getFirst() > newest);
    }

    @Test
    void two_nodes_that_choose_at_once_sell_no_seat_twice_and_refuse_nobody() throws Exception {
        PerformanceId sale = onSale(10, SEATS_IN_ROW);
        try (ConfigurableApplicationContext other = CommandSideHost.start(database, CommandSideHost.NO_NODE_LEASE)) {
            HoldService otherDesk = other.getBean(HoldService.class);
            List<Object> outcomes = new ArrayList<>();
            for (int wave = 0; wave < 2; wave++) {
                int first = wave * 40;
                outcomes.addAll(Races.returned(Races.together(
                        40, index -> () -> best(index % 2 == 0 ? desk : otherDesk, sale, first + index, 2))));
            }
            assertThat(outcomes).hasSize(80).allMatch(ReservationHeld.class::isInstance);
            assertThat(seats(outcomes)).hasSize(160);
            assertThat(best(desk, sale, 99, 1)).isEqualTo(RefusalCode.NOT_ENOUGH_SEATS);
        }
    }

    private PerformanceId onSale(int rows, int seatsInRow) {
        PerformanceId id = PerformanceId.next();
        commands.sendAndWait(
                TestSale.schedule(
                        id,
                        rows,
                        seatsInRow,
                        Duration.ofMinutes(5),
                        host.getBean(Clock.class).instant()),
                30,
                TimeUnit.SECONDS);
        probe.awaitComplete(id, SeatLabel.of("1-1"));
        return id;
    }

    private SeatGuard.SeatClaims guardSays(PerformanceId sale, String seat) {
        return probe.saysOf(sale, SeatLabel.of(seat));
    }

    private static BuyerId buyer(int number) {
        return BuyerId.of("buyer-" + number);
    }

    private static Object best(HoldService desk, PerformanceId sale, int buyer, int quantity) {
        return outcome(() -> desk.holdBest(ReservationId.next(), sale, buyer(buyer), quantity, null)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join());
    }

    private Object named(PerformanceId sale, int buyer, String... seats) {
        return outcome(() -> desk.hold(
                        ReservationId.next(),
                        sale,
                        buyer(buyer),
                        Arrays.stream(seats).map(SeatLabel::of).toList())
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join());
    }

    private static Object outcome(Supplier<ReservationHeld> hold) {
        try {
            return hold.get();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RefusedException refused) {
                return refused.code();
            }
            throw failure;
        }
    }

    private static List<ReservationHeld> held(List<Object> outcomes) {
        return outcomes.stream()
                .filter(ReservationHeld.class::isInstance)
                .map(ReservationHeld.class::cast)
                .toList();
    }

    private static Set<String> seats(List<Object> outcomes) {
        return held(outcomes).stream()
                .flatMap(reservation -> reservation.seats().stream())
                .map(HeldSeat::seat)
                .map(SeatLabel::toString)
                .collect(Collectors.toSet());
    }

    private static boolean sitTogether(ReservationHeld pair) {
        String[] one = pair.seats().getFirst().seat().toString().split("-", -1);
        String[] other = pair.seats().getLast().seat().toString().split("-", -1);
        return one[0].equals(other[0]) && Math.abs(Integer.parseInt(one[1]) - Integer.parseInt(other[1])) == 1;
    }

    private static List<String> labels(int rows, Predicate<String> wanted) {
        return IntStream.rangeClosed(1, rows)
                .boxed()
                .flatMap(row -> IntStream.rangeClosed(1, SEATS_IN_ROW).mapToObj(seat -> row + "-" + seat))
                .filter(wanted)
                .toList();
    }

    private static Set<String> singleSeatsLeft(int rows, Set<String> taken) {
        Map<String, Boolean> free = new HashMap<>();
        labels(rows, seat -> true).forEach(seat -> free.put(seat, !taken.contains(seat)));
        Set<String> single = new HashSet<>();
        for (int row = 1; row <= rows; row++) {
            for (int seat = 1; seat <= SEATS_IN_ROW; seat++) {
                if (free.getOrDefault(row + "-" + seat, false)
                        && !free.getOrDefault(row + "-" + (seat - 1), false)
                        && !free.getOrDefault(row + "-" + (seat + 1), false)) {
                    single.add(row + "-" + seat);
                }
            }
        }
        return single;
    }
}
