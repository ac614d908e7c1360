package dev.onsale.rehearsal.checkout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is rehearsed.
 *
 * @param reservations how many, at most as many as the demo hall has seats
 * @param successRate share of cards that are approved
 * @param delayMax longest time of an authorisation
 * @param answersLost share of the gateway's answers that are lost after their effect
 * @param duplicates share of webhooks that come twice, and of those that come late
 * @param kills how often the application is killed in between
 * @param hold how long seats are held
 * @param timeout when everything must have ended
 * @param seed what the gateway draws from
 */
record CheckoutOptions(
        int reservations,
        double successRate,
        Duration delayMax,
        double answersLost,
        double duplicates,
        int kills,
        Duration hold,
        Duration timeout,
        long seed) {

    static final String HELP = """
            ./onsale rehearse --checkout: many payments through a gateway with faults, and kills of the application in between.

              --reservations NUMBER    1 to 1200 (1000)
              --success-rate RATE      cards that are approved, 0 to 1 (0.7)
              --delay-max SECONDS      longest authorisation (1; the real one's 10, scaled)
              --answers-lost RATE      answers lost after their effect (0.05)
              --duplicates RATE        webhooks that come twice, and those that come late (0.05)
              --kills NUMBER           kills of the application, 0 to 5 (2)
              --hold SECONDS           how long seats are held (60)
              --timeout SECONDS        when everything must have ended (600)
              --seed NUMBER            (1)

            Ends with RESULT and one JSON object. Exit codes: 0 the books balance (PASS), 1 they do not, 2 it could not be played.
            """;

    private static final int RESERVATIONS_MAX = 1_200;
    private static final int KILLS_MAX = 5;

    CheckoutOptions {
        require(reservations >= 1 && reservations <= RESERVATIONS_MAX, "--reservations is 1 to " + RESERVATIONS_MAX);
        require(successRate >= 0 && successRate <= 1, "--success-rate is 0 to 1");
        require(answersLost >= 0 && answersLost < 1, "--answers-lost is 0 to less than 1");
        require(duplicates >= 0 && duplicates <= 1, "--duplicates is 0 to 1");
        require(kills >= 0 && kills <= KILLS_MAX, "--kills is 0 to " + KILLS_MAX);
        require(hold.toSeconds() >= 10, "--hold is at least 10");
        require(timeout.compareTo(hold) > 0, "--timeout is more than --hold");
    }

    static CheckoutOptions defaults() {
        return new CheckoutOptions(
                1_000, 0.7, Duration.ofSeconds(1), 0.05, 0.05, 2, Duration.ofMinutes(1), Duration.ofMinutes(10), 1);
    }

    /**
     * @return nothing if help is asked for
     * @throws IllegalArgumentException that says what is wrong
     */
    static Optional<CheckoutOptions> parse(List<String> arguments) {
        CheckoutOptions o = defaults();
        for (int index = 0; index < arguments.size(); index++) {
            String argument = arguments.get(index);
            if (argument.equals("--help")) {
                return Optional.empty();
            }
            if (argument.equals("--checkout")) {
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            require(equals >= 0 || index + 1 < arguments.size(), name + " needs a value");
            String value = equals < 0 ? arguments.get(++index) : argument.substring(equals + 1);
            o = o.with(name, value);
        }
        return Optional.of(o);
    }

    private CheckoutOptions with(String name, String value) {
        return new CheckoutOptions(
                name.equals("--reservations") ? Integer.parseInt(value) : reservations,
                name.equals("--success-rate") ? Double.parseDouble(value) : successRate,
                name.equals("--delay-max") ? seconds(value) : delayMax,
                name.equals("--answers-lost") ? Double.parseDouble(value) : answersLost,
                name.equals("--duplicates") ? Double.parseDouble(value) : duplicates,
                name.equals("--kills") ? Integer.parseInt(value) : kills,
                name.equals("--hold") ? seconds(value) : hold,
                name.equals("--timeout") ? seconds(value) : timeout,
                known(name).equals("--seed") ? Long.parseLong(value) : seed);
    }

    private static String known(String name) {
        require(
                HELP.contains("  " + name + " "),
                "unknown option " + name + ", see ./onsale rehearse --checkout --help");
        return name;
    }

    private static Duration seconds(String value) {
        return Duration.ofMillis((long) (Double.parseDouble(value) * 1_000));
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
