package dev.onsale.rehearsal;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code ./onsale rehearse}. */
final class RehearsalOptions {

    private static final String RUNNING = "http://127.0.0.1:8080";
    private static final Duration DURATION_MAX = Duration.ofHours(1);

    record RedisAddress(String host, int port) {}

    @Option(names = "--running", description = "use the server of ./onsale run on this machine (" + RUNNING + ")")
    private boolean running;

    @Option(
            names = "--url",
            paramLabel = "URL",
            converter = Url.class,
            description = "use the Onsale server at this address")
    private @Nullable String url;

    @Option(
            names = "--buyers",
            paramLabel = "NUMBER",
            defaultValue = "1000",
            description = "people who want a seat (${DEFAULT-VALUE})")
    int buyers;

    @Option(
            names = "--seats",
            paramLabel = "NUMBER",
            defaultValue = "100",
            description = "number of best seats they want (${DEFAULT-VALUE})")
    int seats;

    @Option(
            names = "--people",
            paramLabel = "NUMBER",
            defaultValue = "120",
            description = "people who request a coupon (${DEFAULT-VALUE})")
    int people;

    @Option(
            names = "--coupons",
            paramLabel = "NUMBER",
            defaultValue = "100",
            description = "coupons of the campaign (${DEFAULT-VALUE})")
    int coupons;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "42",
            description = "seed of the choices of the buyers: the same seed gives the same buyers (${DEFAULT-VALUE})")
    long seed;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "PT2M",
            description = "time limit of the rehearsal, from the first request to settled payments (${DEFAULT-VALUE})")
    Duration timeout = Duration.ZERO;

    @Option(
            names = "--hold",
            paramLabel = "DURATION",
            defaultValue = "PT20S",
            description = "how long a hold lasts; abandoned holds must end within the time limit (${DEFAULT-VALUE})")
    Duration hold = Duration.ZERO;

    @Option(
            names = "--other-seats",
            paramLabel = "NUMBER",
            defaultValue = "5",
            description = "other seats a buyer tries when the wanted one is taken (${DEFAULT-VALUE})")
    int otherSeatsMax;

    @Option(
            names = "--in-flight",
            paramLabel = "NUMBER",
            defaultValue = "256",
            description = "concurrent requests (${DEFAULT-VALUE})")
    int inFlightMax;

    @Option(
            names = "--request-timeout",
            paramLabel = "DURATION",
            defaultValue = "PT15S",
            description = "time limit of each request (${DEFAULT-VALUE})")
    Duration requestTimeout = Duration.ZERO;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "port of the server that is started, 0 for any free one (0)")
    private @Nullable Integer port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "data folder of the server that is started; it is kept (by default a folder that is deleted)")
    private @Nullable Path data;

    @Option(
            names = "--load-plot",
            paramLabel = "FILE",
            description = "write requests and stored events per second to FILE.csv and FILE.svg")
    @Nullable
    Path loadPlot;

    @Option(
            names = "--flush-redis",
            description =
                    "empty Redis (FLUSHALL) twice, once while coupons are issued and once while seats" + " are sold")
    boolean flushRedis;

    @Option(
            names = "--redis",
            paramLabel = "HOST:PORT",
            converter = Redis.class,
            description = "the Redis that --flush-redis empties if the server is already running; all of its data"
                    + " is lost")
    @Nullable
    RedisAddress redis;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /** The address of the server; absent to start a server for the rehearsal. */
    @Nullable
    String url() {
        return running ? RUNNING : url;
    }

    /** Port of the server that is started; 0 for any free port. */
    int port() {
        return port == null ? 0 : port;
    }

    /** Data folder of the server that is started, which is kept; absent for a folder that is deleted afterwards. */
    @Nullable
    Path data() {
        return data == null ? null : data.toAbsolutePath();
    }

    /** Checks the combination of the options. */
    void validate() {
        requireRange("--buyers", buyers, 1, 100_000);
        requireRange("--seats", seats, 1, 100_000);
        requireRange("--people", people, 1, 100_000);
        requireRange("--coupons", coupons, 1, 10_000_000);
        requireRange("--in-flight", inFlightMax, 1, 10_000);
        requireRange("--other-seats", otherSeatsMax, 0, 1_000);
        requireRange("--port", port(), 0, 65_535);
        requireDuration("--timeout", timeout, Duration.ofSeconds(5));
        requireDuration("--request-timeout", requestTimeout, Duration.ofMillis(100));
        requireDuration("--hold", hold, Duration.ofSeconds(1));
        require(!running || url == null, "--running and --url name two servers; give one of them");
        require(
                url() == null || (port == null && data == null),
                "--port and --data are for a server that is started, not for a running one");
        require(redis == null || flushRedis, "--redis is for --flush-redis; give both or none of them");
        require(
                redis == null || url() != null,
                "--redis is for a running server; the Redis of a server that is started is known");
        require(
                !flushRedis || url() == null || redis != null,
                "--flush-redis empties the Redis of a running server; name it with --redis HOST:PORT to allow it");
    }

    private void requireRange(String name, int value, int min, int max) {
        require(
                value >= min && value <= max,
                name + " is a whole number from " + min + " to " + max + ", not " + value);
    }

    private void requireDuration(String name, Duration value, Duration min) {
        require(
                value.compareTo(min) >= 0 && value.compareTo(DURATION_MAX) <= 0,
                name + " is a duration from " + min + " to " + DURATION_MAX + ", not " + value);
    }

    private void require(boolean holds, String rule) {
        if (!holds && command != null) {
            throw new ParameterException(command.commandLine(), rule);
        }
    }

    private static final class Url implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            try {
                URI uri = URI.create(value);
                if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
                    return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
                }
            } catch (IllegalArgumentException noUri) {
                // Handled below, like all other invalid addresses.
            }
            throw new TypeConversionException(value + " is not an address such as " + RUNNING);
        }
    }

    private static final class Redis implements ITypeConverter<RedisAddress> {
        @Override
        public RedisAddress convert(String value) {
            int colon = value.lastIndexOf(':');
            try {
                int port = Integer.parseInt(value.substring(colon + 1));
                if (colon > 0 && port >= 1 && port <= 65_535) {
                    return new RedisAddress(value.substring(0, colon), port);
                }
            } catch (NumberFormatException noPort) {
                // Handled below, like a missing host.
            }
            throw new TypeConversionException(value + " is not an address such as 127.0.0.1:6379");
        }
    }
}
