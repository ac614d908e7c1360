package dev.onsale.saga.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.reservation.PaymentFailed;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.paymentsimulator.PaymentSimulator;
import dev.onsale.paymentsimulator.SimulatorOptions;
import dev.onsale.testsupport.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A process is killed for real at the points where most is at stake, and another one goes on from the database: with the money that the
 * gateway has, and with nothing else.
 */
class KilledCheckoutTest {

    /** Four missed ones, and a step is taken over. */
    static final String HEARTBEAT = "onsale.saga.step-heartbeat=PT1S";

    private static final Instant HELD_AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOLD = Duration.ofDays(3_650);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long PRICE = 4_900;
    private static final int AT_ONCE = 2;

    private record Point(String at, String disturbance, String card, boolean booked) {}

    private static final List<Point> POINTS = List.of(
            new Point("authorize-payment", "HALT_BEFORE", "tok_approved", true),
            new Point("gateway authorize", "HALT_AFTER", "tok_approved", true),
            new Point("authorize-payment", "HALT_AFTER", "tok_approved", true),
            new Point("confirm-reservation", "HALT_AFTER", "tok_approved", true),
            new Point("capture-payment", "HALT_BEFORE", "tok_approved", true),
            new Point("gateway capture", "HALT_AFTER", "tok_approved", true),
            new Point("gateway give-back", "HALT_AFTER", "tok_approved", false),
            new Point("fail-payment", "HALT_BEFORE", "tok_declined_card", false));

    private record Case(Point point, TestDatabase database, ReservationId reservation, PaymentId payment) {}

    static Facts facts(String reservation) {
        return new Facts(
                ReservationId.of(reservation),
                new PerformanceId(new UUID(0x7000, 9)),
                BuyerId.of("alice"),
                Money.of(PRICE, "EUR"),
                HELD_AT,
                HELD_AT.plus(HOLD),
                Duration.ofDays(3_000));
    }

    @Test
    void a_checkout_killed_at_any_point_ends_as_the_gateways_books_say() throws Exception {
        try (PaymentSimulator gateway =
                PaymentSimulator.start(SimulatorOptions.defaults().withDelay(Duration.ZERO, Duration.ZERO))) {
            List<Case> cases = POINTS.stream()
                    .map(point -> new Case(point, TestDatabase.fresh(), ReservationId.next(), PaymentId.next()))
                    .toList();
            kill(cases, gateway);
            List<SagaHost> hosts = new ArrayList<>();
            try {
                for (Case each : cases) {
                    SagaHost host = SagaHost.start(
                            each.database(), gateway.baseUri(), Clock.systemUTC(), new Disturber(), HEARTBEAT);
                    if (!each.point().booked()) {
                        host.backOffice().unconfirmable.add(each.reservation());
                    }
                    hosts.add(host);
                }
                for (int index = 0; index < cases.size(); index++) {
                    requireEnd(cases.get(index), hosts.get(index).backOffice(), gateway);
                }
            } finally {
                hosts.forEach(SagaHost::close);
            }
        }
    }

    private static void requireEnd(Case each, BackOffice office, PaymentSimulator gateway) throws Exception {
        Awaitility.await(each.point() + " has its end").atMost(LIMIT).until(() -> isSettled(each, office));
        GatewayLedger books = GatewayLedger.of(gateway.baseUri());
        assertThat(books.kept(each.payment()))
                .as("%s: money", each.point())
                .isEqualTo(each.point().booked() ? PRICE : 0);
        assertThat(books.open(each.payment())).as("%s: reserved", each.point()).isZero();
        assertThat(office.historyOf(each.reservation()).stream().anyMatch(ReservationConfirmed.class::isInstance))
                .as("%s: booked", each.point())
                .isEqualTo(each.point().booked());
    }

    private static boolean isSettled(Case each, BackOffice office) {
        List<OnsaleEvent> payment = office.historyOf(each.payment());
        if (each.point().booked()) {
            return payment.stream().anyMatch(PaymentCaptured.class::isInstance);
        }
        return payment.stream().anyMatch(fact -> fact instanceof PaymentVoided || fact instanceof PaymentDeclined)
                && office.historyOf(each.reservation()).stream().anyMatch(PaymentFailed.class::isInstance);
    }

    private static void kill(List<Case> cases, PaymentSimulator gateway) throws Exception {
        for (int first = 0; first < cases.size(); first += AT_ONCE) {
            List<Process> children = new ArrayList<>();
            List<Case> now = cases.subList(first, Math.min(first + AT_ONCE, cases.size()));
            for (Case each : now) {
                children.add(child(each, gateway));
            }
            for (int index = 0; index < now.size(); index++) {
                Process child = children.get(index);
                boolean ended = child.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
                child.destroyForcibly();
                assertThat(ended).as("%s was reached", now.get(index).point()).isTrue();
                assertThat(child.exitValue()).as("%s", now.get(index).point()).isEqualTo(Disturber.HALTED);
            }
        }
    }

    private static Process child(Case each, PaymentSimulator gateway) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledCheckout.class.getName(),
                        each.database().name(),
                        each.database().jdbcUrl(),
                        each.database().user(),
                        each.database().password(),
                        gateway.baseUri().toString(),
                        each.reservation().toString(),
                        each.payment().toString(),
                        each.point().card(),
                        each.point().at(),
                        each.point().disturbance())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
