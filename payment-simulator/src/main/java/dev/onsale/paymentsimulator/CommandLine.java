package dev.onsale.paymentsimulator;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Options from the command line: {@code --name value} or {@code --name=value}. */
final class CommandLine {
    static final int DEFAULT_PORT = 8090;

    static final String HELP = """
            Payment simulator: a payment gateway to rehearse against.

              --host HOST                    address to listen on (127.0.0.1)
              --port PORT                    port to listen on, 0 for any free one (8090)
              --success-rate RATE            share of charges that are approved, 0 to 1 (0.7)
              --delay-min DURATION           shortest time a charge takes (0s)
              --delay-max DURATION           longest time a charge takes (10s)
              --seed NUMBER                  same seed and same idempotency keys, same decisions (1)
              --idempotency-retention DURATION   how long answers are repeated (24h)
              --ledger-file FILE             keep the ledger in FILE across restarts (memory only)
              --charges-max NUMBER           charges kept, about 1 KB each (250000)
              --idempotency-keys-max NUMBER  answers kept, about 1 KB each (1000000)
              --in-flight-max NUMBER         requests under way at once (10000)
              --webhook-url URL              where to tell of every booking (nobody is told)
              --webhook-secret TEXT          what the calls are signed with, at least 16 characters
              --webhook-duplicates RATE      share of calls that are made twice (0)
              --webhook-late RATE            share of calls that come late (0)
              --webhook-late-by DURATION     how late those come (2s)
              --help                         show this

            A DURATION is a whole number with ms, s, m or h, such as 250ms.
            """;

    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h)");

    private CommandLine() {}

    /** Null when help is asked for. A mistake is an {@link IllegalArgumentException} that names the option. */
    static @Nullable SimulatorOptions parse(List<String> arguments) {
        var rest = new ArrayDeque<>(arguments);
        var seen = new HashSet<String>();
        var options = SimulatorOptions.defaults().withPort(DEFAULT_PORT);
        // The two delays are checked together at the end, so that their order on the line does not matter.
        var delayMin = options.delayMin();
        var delayMax = options.delayMax();
        var webhooks = new WebhookArguments();
        while (!rest.isEmpty()) {
            var argument = rest.removeFirst();
            if (argument.equals("--help")) {
                return null;
            }
            int equals = argument.indexOf('=');
            var name = equals < 0 ? argument : argument.substring(0, equals);
            if (!seen.add(name)) {
                throw new IllegalArgumentException(name + " is given twice");
            }
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException("unknown option " + name + ", see --help");
            }
            if (equals < 0 && rest.isEmpty()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            var value = equals < 0 ? rest.removeFirst() : argument.substring(equals + 1);
            switch (name) {
                case "--delay-min" -> delayMin = duration(name, value);
                case "--delay-max" -> delayMax = duration(name, value);
                case "--webhook-url" -> webhooks.url = value;
                case "--webhook-secret" -> webhooks.secret = value;
                case "--webhook-duplicates" -> webhooks.duplicates = decimal(name, value);
                case "--webhook-late" -> webhooks.late = decimal(name, value);
                case "--webhook-late-by" -> webhooks.lateBy = duration(name, value);
                default -> options = with(options, name, value);
            }
        }
        return options.withDelay(delayMin, delayMax).withWebhooks(webhooks.read());
    }

    /** Collected first: the parts of one setting may come in any order. */
    private static final class WebhookArguments {
        private @Nullable String url;
        private @Nullable String secret;
        private double duplicates;
        private double late;
        private Duration lateBy = Duration.ofSeconds(2);

        @Nullable
        Webhooks read() {
            if (url == null && secret == null) {
                return null;
            }
            if (url == null || secret == null) {
                throw new IllegalArgumentException("--webhook-url and --webhook-secret go together");
            }
            return new Webhooks(URI.create(url), secret, duplicates, late, lateBy);
        }
    }

    private static final List<String> KNOWN = List.of(
            "--host",
            "--port",
            "--success-rate",
            "--delay-min",
            "--delay-max",
            "--seed",
            "--idempotency-retention",
            "--ledger-file",
            "--charges-max",
            "--idempotency-keys-max",
            "--in-flight-max",
            "--webhook-url",
            "--webhook-secret",
            "--webhook-duplicates",
            "--webhook-late",
            "--webhook-late-by");

    private static SimulatorOptions with(SimulatorOptions options, String name, String value) {
        return switch (name) {
            case "--host" -> options.withHost(value);
            case "--port" -> options.withPort(integer(name, value));
            case "--success-rate" -> options.withSuccessRate(decimal(name, value));
            case "--seed" -> options.withSeed(number(name, value));
            case "--idempotency-retention" -> options.withIdempotencyRetention(duration(name, value));
            case "--ledger-file" -> options.withLedgerFile(path(name, value));
            case "--charges-max" ->
                options.withLimits(integer(name, value), options.idempotencyKeysMax(), options.inFlightMax());
            case "--idempotency-keys-max" ->
                options.withLimits(options.chargesMax(), integer(name, value), options.inFlightMax());
            case "--in-flight-max" ->
                options.withLimits(options.chargesMax(), options.idempotencyKeysMax(), integer(name, value));
            default -> throw new IllegalArgumentException("unknown option " + name + ", see --help");
        };
    }

    private static int integer(String name, String value) {
        long number = number(name, value);
        if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + " is out of range: " + value);
        }
        return (int) number;
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException(name + " must be a whole number, but is " + value, wrong);
        }
    }

    private static double decimal(String name, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException(name + " must be a number, but is " + value, wrong);
        }
    }

    private static Duration duration(String name, String value) {
        var match = DURATION.matcher(value);
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    name + " must be a duration such as 250ms, 10s, 5m or 24h, but is " + value);
        }
        long count = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    private static Path path(String name, String value) {
        try {
            if (!value.isBlank()) {
                return Path.of(value);
            }
        } catch (InvalidPathException wrong) {
            throw new IllegalArgumentException(name + " is not a path: " + value, wrong);
        }
        throw new IllegalArgumentException(name + " must not be empty");
    }
}
