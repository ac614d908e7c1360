package dev.onsale.saga.reservation;

import dev.onsale.api.PaymentId;
import dev.onsale.saga.reservation.Disturber.Disturbance;
import dev.onsale.testsupport.TestDatabase;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A process with the saga side that halts at one point of one checkout, as if the power had gone. */
final class KilledCheckout {

    private static final int NOT_KILLED = 3;

    private KilledCheckout() {}

    /** Arguments: database name, JDBC URL, user, password; gateway; reservation, payment, card; point, disturbance. */
    public static void main(String[] arguments) throws InterruptedException {
        Facts facts = KilledCheckoutTest.facts(arguments[5]);
        PaymentId payment = PaymentId.of(arguments[6]);
        Disturber disturber = new Disturber();
        Disturbance disturbance = Disturbance.valueOf(arguments[9]);
        if (arguments[8].startsWith("gateway ")) {
            disturber.atGateway(arguments[8].substring("gateway ".length()), payment, disturbance);
        } else {
            disturber.atStep(arguments[8], payment, disturbance);
        }
        SagaHost host = SagaHost.start(
                new TestDatabase(arguments[0], arguments[1], arguments[2], arguments[3]),
                URI.create(arguments[4]),
                Clock.systemUTC(),
                disturber,
                KilledCheckoutTest.HEARTBEAT);
        host.awaitReady();
        BackOffice office = host.backOffice();
        if (arguments[8].contains("give-back")) {
            office.unconfirmable.add(facts.reservation());
        }
        office.happened(
                facts.held(),
                facts.discounted(payment, Clock.systemUTC().instant()),
                facts.requested(payment, arguments[7], Clock.systemUTC().instant()));
        boolean unused = new CountDownLatch(1).await(60, TimeUnit.SECONDS);
        Runtime.getRuntime().halt(NOT_KILLED);
    }
}
