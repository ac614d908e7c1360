package dev.onsale.rehearsal.checkout;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code ./onsale rehearse --checkout}. */
final class CheckoutOptions {

    private static final int RESERVATIONS_MAX = 1_200;
    private static final int KILLS_MAX = 5;

    @Option(
            names = "--reservations",
            paramLabel = "NUMBER",
            defaultValue = "1000",
            description = "reservations, 1 to 1200: the demo hall has no more seats (${DEFAULT-VALUE})")
    int reservations;

    @Option(
            names = "--success-rate",
            paramLabel = "RATE",
            defaultValue = "0.7",
            description = "share of cards that are approved, 0 to 1 (${DEFAULT-VALUE})")
    double successRate;

    @Option(
            names = "--delay-max",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "longest time of an authorisation; a real one takes up to 10 (${DEFAULT-VALUE})")
    private double delayMaxSeconds;

    @Option(
            names = "--answers-lost",
            paramLabel = "RATE",
            defaultValue = "0.05",
            description = "share of the gateway's answers that are lost after their effect (${DEFAULT-VALUE})")
    double answersLost;

    @Option(
            names = "--duplicates",
            paramLabel = "RATE",
            defaultValue = "0.05",
            description = "share of webhooks that come twice, and of those that come late (${DEFAULT-VALUE})")
    double duplicates;

    @Option(
            names = "--kills",
            paramLabel = "NUMBER",
            defaultValue = "2",
            description = "how often the application is killed, 0 to 5 (${DEFAULT-VALUE})")
    int kills;

    @Option(
            names = "--hold",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "how long seats are held, at least 10 (${DEFAULT-VALUE})")
    private double holdSeconds;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "when everything must have ended, more than --hold (${DEFAULT-VALUE})")
    private double timeoutSeconds;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "seed of the gateway's choices (${DEFAULT-VALUE})")
    long seed;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /** Longest duration of an authorisation. */
    Duration delayMax() {
        return seconds(delayMaxSeconds);
    }

    /** Duration of a hold. */
    Duration hold() {
        return seconds(holdSeconds);
    }

    /** Time limit for the whole rehearsal. */
    Duration timeout() {
        return seconds(timeoutSeconds);
    }

    /** Checks the ranges of the options. */
    void validate() {
        require(reservations >= 1 && reservations <= RESERVATIONS_MAX, "--reservations is 1 to " + RESERVATIONS_MAX);
        require(successRate >= 0 && successRate <= 1, "--success-rate is 0 to 1");
        require(answersLost >= 0 && answersLost < 1, "--answers-lost is 0 to less than 1");
        require(duplicates >= 0 && duplicates <= 1, "--duplicates is 0 to 1");
        require(delayMaxSeconds >= 0, "--delay-max is at least 0");
        require(kills >= 0 && kills <= KILLS_MAX, "--kills is 0 to " + KILLS_MAX);
        require(holdSeconds >= 10, "--hold is at least 10");
        require(timeoutSeconds > holdSeconds, "--timeout is more than --hold");
    }

    private static Duration seconds(double value) {
        return Duration.ofMillis((long) (value * 1_000));
    }

    private void require(boolean holds, String rule) {
        if (!holds && command != null) {
            throw new ParameterException(command.commandLine(), rule);
        }
    }
}
