package dev.onsale.paymentsimulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Runs the simulator as a process until a signal stops it. Exit code 1: it could not start; 2: wrong command line. */
@Command(
        name = "payment-simulator",
        description = "A payment gateway for tests.%n",
        footer = "%nA DURATION is a whole number with ms, s, m or h, such as 250ms.",
        sortOptions = false,
        usageHelpWidth = 110)
public final class PaymentSimulatorMain implements Callable<Integer> {
    private static final String LOGGING_PROPERTY = "logback.configurationFile";
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h)");
    private static final SimulatorOptions DEFAULTS = SimulatorOptions.defaults();
    static final int DEFAULT_PORT = 8090;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--host", paramLabel = "HOST", description = "address to listen on (127.0.0.1)")
    private String host = DEFAULTS.host();

    @Option(names = "--port", paramLabel = "PORT", description = "port to listen on, 0 for any free one (8090)")
    private int port = DEFAULT_PORT;

    @Option(names = "--success-rate", paramLabel = "RATE", description = "share of approved charges, 0 to 1 (0.7)")
    private double successRate = DEFAULTS.successRate();

    @Option(names = "--delay-min", paramLabel = "DURATION", description = "shortest time a charge takes (0s)")
    private Duration delayMin = DEFAULTS.delay().min();

    @Option(names = "--delay-max", paramLabel = "DURATION", description = "longest time a charge takes (10s)")
    private Duration delayMax = DEFAULTS.delay().max();

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "the same seed and idempotency keys give the same decisions (1)")
    private long seed = DEFAULTS.seed();

    @Option(
            names = "--idempotency-retention",
            paramLabel = "DURATION",
            description = "how long answers are repeated (24h)")
    private Duration idempotencyRetention = DEFAULTS.idempotencyRetention();

    @Option(
            names = "--ledger-file",
            paramLabel = "FILE",
            description = "keep the ledger in FILE across restarts (memory only)")
    private @Nullable Path ledgerFile;

    @Option(names = "--charges-max", paramLabel = "NUMBER", description = "charges kept, about 1 KB each (250000)")
    private int chargesMax = DEFAULTS.limits().charges();

    @Option(
            names = "--idempotency-keys-max",
            paramLabel = "NUMBER",
            description = "answers kept, about 1 KB each (1000000)")
    private int idempotencyKeysMax = DEFAULTS.limits().idempotencyKeys();

    @Option(names = "--in-flight-max", paramLabel = "NUMBER", description = "concurrent requests (10000)")
    private int inFlightMax = DEFAULTS.limits().inFlight();

    @ArgGroup(exclusive = false)
    private @Nullable WebhookOptions webhooks;

    @Option(names = "--help", usageHelp = true, description = "show this")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private static final class WebhookOptions {
        @Option(
                names = "--webhook-url",
                required = true,
                paramLabel = "URL",
                description = "receiver of webhooks (none)")
        private URI url = URI.create("");

        @Option(
                names = "--webhook-secret",
                required = true,
                paramLabel = "TEXT",
                description = "key of the signatures, at least 16 characters")
        private String secret = "";

        @Option(names = "--webhook-duplicates", paramLabel = "RATE", description = "share of calls made twice (0)")
        private double duplicates;

        @Option(names = "--webhook-late", paramLabel = "RATE", description = "share of delayed calls (0)")
        private double late;

        @Option(names = "--webhook-late-by", paramLabel = "DURATION", description = "delay of delayed calls (2s)")
        private Duration lateBy = Duration.ofSeconds(2);

        Webhooks read() {
            return new Webhooks(url, secret, duplicates, late, lateBy);
        }
    }

    public static void main(String[] arguments) {
        // A plain logback.xml in this jar would take over the logging of a process that embeds the simulator.
        if (System.getProperty(LOGGING_PROPERTY) == null) {
            System.setProperty(LOGGING_PROPERTY, "payment-simulator-logback.xml");
        }
        int exitCode = new PaymentSimulatorMain().commandLine().execute(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    CommandLine commandLine() {
        return new CommandLine(this)
                .setExpandAtFiles(false)
                .registerConverter(Duration.class, PaymentSimulatorMain::duration);
    }

    @Override
    public Integer call() throws InterruptedException {
        PaymentSimulator simulator;
        try {
            simulator = PaymentSimulator.start(options());
        } catch (SimulatorStartException failed) {
            spec.commandLine().getErr().println("payment-simulator: " + failed.getMessage());
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(simulator::close, "payment-simulator-stop"));
        spec.commandLine().getOut().println("Payment simulator answers at " + simulator.baseUri());
        simulator.awaitClosed();
        return 0;
    }

    /** Throws a {@link ParameterException} for a value out of range. */
    SimulatorOptions options() {
        try {
            return new SimulatorOptions(
                    host,
                    port,
                    successRate,
                    new SimulatorOptions.Delay(delayMin, delayMax),
                    seed,
                    idempotencyRetention,
                    ledgerFile,
                    new SimulatorOptions.Limits(chargesMax, idempotencyKeysMax, inFlightMax),
                    webhooks == null ? null : webhooks.read());
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private static Duration duration(String value) {
        var match = DURATION.matcher(value);
        if (!match.matches()) {
            throw new TypeConversionException("must be a duration such as 250ms, 10s, 5m or 24h, but is " + value);
        }
        long count = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }
}
