package dev.onsale.command.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ConfirmReservation;
import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.api.reservation.FailPayment;
import dev.onsale.api.reservation.HoldBestSeats;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.SeatClaim;
import dev.onsale.api.seat.CheckInTicket;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.command.performance.Performance;
import dev.onsale.command.performance.PerformanceCommandHandler;
import dev.onsale.command.seating.FreeSeatsIndex;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;

/**
 * One sale on Axon with everything but the database: commands in, facts out. Axon's own fixture knows one aggregate type at a
 * time; these decisions span three.
 */
final class SaleScenario {

    static final PerformanceId TONIGHT = new PerformanceId(new UUID(0x7000, 1));
    static final Duration HOLD = Duration.ofMinutes(5);
    static final Duration PAYMENT_WINDOW = Duration.ofMinutes(2);
    static final int SEATS_PER_BUYER = 4;
    static final BuyerId ALICE = BuyerId.of("alice");
    static final BuyerId BOB = BuyerId.of("bob");
    static final PaymentMethod CARD = new PaymentMethod.Card("tok_approved");
    private static final int ROW_LENGTH = 10;

    final TestClock clock = new TestClock();
    private final Configuration axon;
    private final CommandGateway commands;
    private final List<OnsaleEvent> facts = new ArrayList<>();
    private final Map<SeatId, SeatEvent> lastSeatFacts = new LinkedHashMap<>();
    private final FreeSeatsIndex freeSeats = new FreeSeatsIndex(
            (performance, reader) -> lastSeatFacts.values().forEach(reader), new SimpleMeterRegistry());

    SaleScenario() {
        this(UnaryOperator.identity());
    }

    /** @param terms what is different from the usual sale */
    SaleScenario(UnaryOperator<SchedulePerformance> terms) {
        Configurer configurer = DefaultConfigurer.defaultConfiguration(false)
                .configureEmbeddedEventStore(config -> new InMemoryEventStorageEngine())
                .configureAggregate(AggregateConfigurer.defaultConfiguration(Performance.class))
                .configureAggregate(AggregateConfigurer.defaultConfiguration(Seat.class))
                .configureAggregate(AggregateConfigurer.defaultConfiguration(Reservation.class))
                .configureAggregate(AggregateConfigurer.defaultConfiguration(Allowance.class));
        PerformanceCommandHandler[] performances = new PerformanceCommandHandler[1];
        configurer.registerCommandHandler(config -> {
            performances[0] = new PerformanceCommandHandler(config.repository(Performance.class), clock);
            return performances[0];
        });
        configurer.registerCommandHandler(config -> {
            SaleAggregates aggregates = new SaleAggregates(
                    config.repository(Seat.class),
                    config.repository(Reservation.class),
                    config.repository(Allowance.class),
                    freeSeats);
            return new ReservationCommandHandler(
                    new PerformanceCommandHandler(config.repository(Performance.class), clock),
                    aggregates,
                    new HoldDecider(aggregates, freeSeats),
                    PAYMENT_WINDOW,
                    clock);
        });
        configurer.registerCommandHandler(config -> new SeatBlockCommandHandler(
                new PerformanceCommandHandler(config.repository(Performance.class), clock),
                new SeatBlockDecider(
                        new SaleAggregates(
                                config.repository(Seat.class),
                                config.repository(Reservation.class),
                                config.repository(Allowance.class),
                                freeSeats),
                        freeSeats),
                clock));
        axon = configurer.start();
        axon.eventStore().subscribe(messages -> messages.stream()
                .map(EventMessage::getPayload)
                .map(OnsaleEvent.class::cast)
                .forEach(fact -> {
                    facts.add(fact);
                    if (fact instanceof SeatEvent seatFact) {
                        lastSeatFacts.put(seatFact.seatId(), seatFact);
                    }
                }));
        commands = axon.commandGateway();
        commands.sendAndWait(terms.apply(schedule()), 5, TimeUnit.SECONDS);
        facts.clear();
    }

    SchedulePerformance schedule() {
        List<SeatingPlan.Seat> row = new ArrayList<>();
        for (int seat = 1; seat <= ROW_LENGTH; seat++) {
            row.add(new SeatingPlan.Seat(SeatLabel.of("A-" + seat), Integer.toString(seat), 0, seat, 0));
        }
        SeatingPlan plan = new SeatingPlan(
                "Small hall",
                List.of(new SeatingPlan.Category("Stalls", "")),
                List.of(new SeatingPlan.Zone("A", 0, 0, List.of(new SeatingPlan.Row("A", 0, 0, row)))),
                10,
                1);
        return new SchedulePerformance(
                TONIGHT,
                "Tonight",
                TestClock.NOON.plus(Duration.ofDays(1)),
                plan,
                List.of(new PriceZone("Stalls", Money.of(4_900, "EUR"))),
                TestClock.NOON.minus(Duration.ofHours(1)),
                TestClock.NOON.plus(Duration.ofHours(8)),
                SEATS_PER_BUYER,
                HOLD,
                false);
    }

    static SeatId seat(int number) {
        return new SeatId(TONIGHT, SeatLabel.of("A-" + number));
    }

    static ReservationId reservation(int number) {
        return new ReservationId(new UUID(0x7000, 100 + number));
    }

    static PaymentId payment(int number) {
        return new PaymentId(new UUID(0x7000, 200 + number));
    }

    static HoldSeats hold(int reservation, BuyerId buyer, int... seats) {
        return new HoldSeats(
                reservation(reservation),
                TONIGHT,
                buyer,
                Arrays.stream(seats)
                        .mapToObj(number -> new SeatClaim(seat(number).seat(), null))
                        .toList());
    }

    static HoldBestSeats holdBest(int reservation, BuyerId buyer, int quantity) {
        return new HoldBestSeats(reservation(reservation), TONIGHT, buyer, quantity, null);
    }

    static HoldSeats holdFenced(int reservation, BuyerId buyer, int seat, long token) {
        return new HoldSeats(
                reservation(reservation),
                TONIGHT,
                buyer,
                List.of(new SeatClaim(seat(seat).seat(), token)));
    }

    static RequestPayment pay(int reservation, BuyerId buyer, int payment) {
        return new RequestPayment(reservation(reservation), TONIGHT, buyer, payment(payment), CARD);
    }

    static ConfirmReservation confirm(int reservation, int payment) {
        return new ConfirmReservation(reservation(reservation), TONIGHT, payment(payment));
    }

    static FailPayment fail(int reservation, int payment) {
        return new FailPayment(reservation(reservation), TONIGHT, payment(payment), "insufficient_funds");
    }

    static ExpireReservation expire(int reservation) {
        return new ExpireReservation(reservation(reservation), TONIGHT);
    }

    static CancelReservation cancel(int reservation, BuyerId buyer) {
        return new CancelReservation(reservation(reservation), TONIGHT, buyer);
    }

    /** @param token of the booking that the ticket names */
    static CheckInTicket checkIn(int reservation, int seat, long token) {
        return new CheckInTicket(seat(seat), reservation(reservation), token, OperatorId.of("at-the-door"));
    }

    /** What happened before; its facts are not asked about. */
    SaleScenario given(OnsaleCommand... before) {
        for (OnsaleCommand command : before) {
            ask(command, Object.class);
        }
        facts.clear();
        return this;
    }

    <T> T ask(OnsaleCommand command, Class<T> answer) {
        return answer.cast(commands.sendAndWait(command, 5, TimeUnit.SECONDS));
    }

    /** The kinds of facts that one command writes down, in order. */
    List<String> factsOf(OnsaleCommand command) {
        facts.clear();
        ask(command, Object.class);
        return facts.stream().map(fact -> fact.getClass().getSimpleName()).toList();
    }

    List<OnsaleEvent> lastFacts() {
        return List.copyOf(facts);
    }

    void refuses(OnsaleCommand command, RefusalCode code) {
        facts.clear();
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> ask(command, Object.class));
        assertThat(refused).as("a refusal of %s", command).isNotNull();
        assertThat(refused.code()).isEqualTo(code);
        assertThat(facts).as("facts of a refused command").isEmpty();
    }

    void close() {
        axon.shutdown();
    }
}
