package dev.onsale.paymentsimulator;

import java.time.Duration;

/**
 * Settings that can be changed at run time, until a restart.
 *
 * @param bookingDelayMillis time that captures, voids and refunds take
 */
record SimulatorSettings(
        double successRate, long delayMinMillis, long delayMaxMillis, long bookingDelayMillis, Faults faults) {

    static final int BYTES_PER_SECOND_MAX = 1_000_000;

    static SimulatorSettings of(SimulatorOptions options) {
        return new SimulatorSettings(
                options.successRate(),
                options.delay().min().toMillis(),
                options.delay().max().toMillis(),
                0,
                new Faults(0, 0, 0, 100));
    }

    Duration delayMin() {
        return Duration.ofMillis(delayMinMillis);
    }

    Duration delayMax() {
        return Duration.ofMillis(delayMaxMillis);
    }

    Duration bookingDelay() {
        return Duration.ofMillis(bookingDelayMillis);
    }

    /**
     * Faults affect only first executions, not repeats of a stored answer and not reads, so a client can always find
     * out the outcome.
     *
     * @param errorBeforeEffectProbability answers 500 and books nothing
     * @param answerLostProbability books, then closes the connection without a response
     * @param slowAnswerProbability sends the response with {@code slowAnswerBytesPerSecond}
     */
    record Faults(
            double errorBeforeEffectProbability,
            double answerLostProbability,
            double slowAnswerProbability,
            int slowAnswerBytesPerSecond) {}
}
