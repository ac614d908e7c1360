package dev.onsale.command.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.command.guard.GuardProbe;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.guard.seat.BestSeatsGuard;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.performance.PerformanceCache;
import dev.onsale.testsupport.Races;
import dev.onsale.testsupport.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The guard is given the node's time. If that is wrong, the guard is wrong; the seats decide, by their own time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class GuardClockTest {

    private static final BuyerId ALICE = BuyerId.of("alice");
    private static final int BUYERS = 100;

    private final ConfigurableApplicationContext host = CommandSideHost.start(TestDatabase.fresh());
    private final CommandGateway commands = host.getBean(CommandGateway.class);
    private final Clock clock = host.getBean(Clock.class);

    @AfterAll
    void stop() {
        host.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1})
    void a_hold_does_not_end_early_for_a_guard_whose_time_is_an_hour_off(long hours) {
        PerformanceId sale = onSale();
        HoldService right = desk(Duration.ZERO);
        HoldService wrong = desk(Duration.ofHours(hours));
        ReservationHeld held = (ReservationHeld) outcome(right, sale, ALICE);
        GuardProbe.of(host).awaitComplete(sale, TestSale.label(2));

        for (int times = 0; times < 3; times++) {
            assertThat(outcome(wrong, sale, BuyerId.of("bob"))).isEqualTo(RefusalCode.SEAT_TAKEN);
            assertThat(outcome(right, sale, BuyerId.of("carol"))).isEqualTo(RefusalCode.SEAT_TAKEN);
        }
        assertThat(timesHeld(sale)).isEqualTo(1);

        commands.sendAndWait(new CancelReservation(held.reservationId(), sale, ALICE), 10, TimeUnit.SECONDS);
        await("the seat for somebody else")
                .atMost(Duration.ofSeconds(60))
                .until(() -> outcome(wrong, sale, BuyerId.of("bob")) instanceof ReservationHeld);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1})
    void no_seat_is_held_twice_when_the_times_of_the_guard_s_callers_differ_by_an_hour(long hours) throws Exception {
        PerformanceId sale = onSale();
        List<HoldService> desks = List.of(desk(Duration.ZERO), desk(Duration.ofHours(hours)));

        List<Object> outcomes = Races.returned(Races.together(
                BUYERS, index -> () -> outcome(desks.get(index % 2), sale, BuyerId.of("buyer-" + index))));

        assertThat(outcomes.stream().filter(ReservationHeld.class::isInstance)).hasSize(1);
        assertThat(outcomes.stream().filter(RefusalCode.class::isInstance)).hasSize(BUYERS - 1);
        assertThat(timesHeld(sale)).isEqualTo(1);
    }

    private HoldService desk(Duration offset) {
        return new HoldService(
                host.getBean(PerformanceCache.class),
                host.getBean(AdmissionCheck.class),
                host.getBean(SeatGuard.class),
                host.getBean(BestSeatsGuard.class),
                host.getBean(CommandSender.class),
                host.getBean(ReservationIndex.class),
                Clock.offset(clock, offset));
    }

    private PerformanceId onSale() {
        PerformanceId id = PerformanceId.next();
        commands.sendAndWait(TestSale.schedule(id, 5, Duration.ofMinutes(5), clock.instant()), 30, TimeUnit.SECONDS);
        GuardProbe.of(host).awaitComplete(id, TestSale.label(5));
        return id;
    }

    private long timesHeld(PerformanceId sale) {
        Long times = host.getBean(JdbcTemplate.class)
                .queryForObject(
                        "SELECT COUNT(*) FROM domain_event WHERE aggregate_identifier = ? AND payload_type LIKE '%seat-held%'",
                        Long.class, new SeatId(sale, TestSale.label(1)).toString());
        return times == null ? 0 : times;
    }

    private static Object outcome(HoldService desk, PerformanceId sale, BuyerId buyer) {
        try {
            return desk.hold(ReservationId.next(), sale, buyer, List.of(TestSale.label(1)))
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
