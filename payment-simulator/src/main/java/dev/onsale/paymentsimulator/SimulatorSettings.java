package dev.onsale.paymentsimulator;

import java.time.Duration;

/**
 * What an operator may change at run time; a restart forgets it.
 *
 * @param bookingDelayMillis what captures, voids and refunds take, none unless set
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
     * Faults strike first executions only, never repeats of a stored answer nor reads, so that an unknown outcome can always be
     * resolved.
     *
     * @param errorBeforeEffectProbability answers 500 and books nothing
     * @param answerLostProbability books, then drops the connection without an answer
     * @param slowAnswerProbability sends the answer at {@code slowAnswerBytesPerSecond}
     */
    record Faults(
            double errorBeforeEffectProbability,
            double answerLostProbability,
            double slowAnswerProbability,
            int slowAnswerBytesPerSecond) {}
}
