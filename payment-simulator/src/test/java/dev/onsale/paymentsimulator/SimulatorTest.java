package dev.onsale.paymentsimulator;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

/** Starts simulators on free ports and stops them all in the end. */
abstract class SimulatorTest {
    static final SimulatorOptions NO_LAG =
            SimulatorOptions.defaults().withDelay(Duration.ZERO, Duration.ZERO).withSeed(42);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    PaymentSimulator started(SimulatorOptions options) {
        return keep(PaymentSimulator.start(options));
    }

    PaymentSimulator started(SimulatorOptions options, Clock clock) {
        return keep(PaymentSimulator.start(options, clock));
    }

    GatewayClient clientOf(PaymentSimulator simulator) {
        return keep(new GatewayClient(simulator));
    }

    GatewayClient clientOfNew(SimulatorOptions options) {
        return clientOf(started(options));
    }

    /** Settings without delay and with the given faults. */
    static String faults(double error, double lost, double slow, int bytesPerSecond) {
        return """
                {"successRate": 1, "delayMinMillis": 0, "delayMaxMillis": 0, "bookingDelayMillis": 0,
                 "faults": {"errorBeforeEffectProbability": %s, "answerLostProbability": %s,
                            "slowAnswerProbability": %s, "slowAnswerBytesPerSecond": %d}}
                """.formatted(Double.toString(error), Double.toString(lost), Double.toString(slow), bytesPerSecond);
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
