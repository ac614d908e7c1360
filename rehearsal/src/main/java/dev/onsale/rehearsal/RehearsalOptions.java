package dev.onsale.rehearsal;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a rehearsal runs.
 *
 * @param url the server to play against; absent to start one for the purpose
 * @param buyers people who want a seat
 * @param seats how many of the best seats they want
 * @param people people who want a coupon
 * @param coupons quantity of the campaign
 * @param seed the same seed plays the same buyers with the same wishes and intentions
 * @param timeout bound of the whole play, from the first request to settled payments
 * @param inFlightMax requests under way at once
 * @param requestTimeout bound of each request
 * @param hold how long a hold lasts; abandoned ones must end within the run
 * @param otherSeatsMax how many other seats a buyer tries when the wanted one is taken
 * @param port port of a server that is started for the purpose, 0 for any free one
 * @param data folder of a server that is started for the purpose, which is kept; absent for one that is removed afterwards
 * @param flushRedis whether and where Redis is to lose everything
 */
record RehearsalOptions(
        @Nullable String url,
        int buyers,
        int seats,
        int people,
        int coupons,
        long seed,
        Duration timeout,
        int inFlightMax,
        Duration requestTimeout,
        Duration hold,
        int otherSeatsMax,
        int port,
        @Nullable Path data,
        FlushRedis flushRedis) {

    /**
     * Whether Redis is to lose everything in the middle of the play.
     *
     * @param at the Redis of a server that was running before; absent for the one of a server that is started for the purpose
     */
    record FlushRedis(boolean asked, @Nullable RedisAddress at) {
        static final FlushRedis NEVER = new FlushRedis(false, null);
    }

    record RedisAddress(String host, int port) {}

    static final String RUNNING = "http://127.0.0.1:8080";

    static final String HELP = """
            ./onsale rehearse [options]   play a sale over HTTP with many buyers and check the result in the event log

            Without --url or --running a server with its own data is started, and stopped again.

              --running                play against ./onsale run on this machine (http://127.0.0.1:8080)
              --url URL                play against the Onsale that answers there
              --buyers NUMBER          people who want a seat (1000)
              --seats NUMBER           number of best seats they want (100)
              --people NUMBER          people who want a coupon (120)
              --coupons NUMBER         coupons of the campaign (100)
              --seed NUMBER            seed of the choices of the buyers (42)
              --timeout DURATION       time limit of the rehearsal (PT2M)
              --hold DURATION          how long a hold lasts (PT20S)
              --other-seats NUMBER     other seats a buyer tries when the wanted one is taken (5)
              --in-flight NUMBER       concurrent requests (256)
              --request-timeout DURATION   time limit of each request (PT15S)
              --port PORT              port of the server that is started, 0 for any free one (0)
              --data DIR               data folder of the server that is started; it is kept (one that is removed)
              --flush-redis            let Redis lose everything (FLUSHALL), once while coupons are given out and once
                                       while seats are sold
              --redis HOST:PORT        the Redis that --flush-redis empties, if the server was running before; whatever
                                       else is in it is lost
              --help                   show this

            A DURATION is written as in PT30S, PT2M or PT1H.
            The last line of the output is RESULT and one JSON object. Exit code: 0 for PASS, 1 for FAIL, 2 if the rehearsal
            could not run.
            """;

    private static final Set<String> FLAGS = Set.of("--running", "--flush-redis", "--help");
    private static final Set<String> VALUES = Set.of(
            "--url",
            "--buyers",
            "--seats",
            "--people",
            "--coupons",
            "--seed",
            "--timeout",
            "--hold",
            "--other-seats",
            "--in-flight",
            "--request-timeout",
            "--port",
            "--data",
            "--redis");

    static RehearsalOptions defaults() {
        return new RehearsalOptions(
                null,
                1_000,
                100,
                120,
                100,
                42,
                Duration.ofMinutes(2),
                256,
                Duration.ofSeconds(15),
                Duration.ofSeconds(20),
                5,
                0,
                null,
                FlushRedis.NEVER);
    }

    /** A mistake on the command line; the message is one line that says what to do. */
    static final class UsageException extends Exception {
        UsageException(String message) {
            super(message);
        }
    }

    /** Empty when help is asked for. */
    static Optional<RehearsalOptions> parse(List<String> arguments) throws UsageException {
        RehearsalOptions options = defaults();
        ArrayDeque<String> rest = new ArrayDeque<>(arguments);
        Set<String> seen = new HashSet<>();
        while (!rest.isEmpty()) {
            String argument = rest.removeFirst();
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            boolean flag = FLAGS.contains(name) && equals < 0;
            if (!flag && !VALUES.contains(name)) {
                throw new UsageException("unknown option " + argument + ", see ./onsale rehearse --help");
            }
            if (!seen.add(name)) {
                throw new UsageException(name + " is given twice");
            }
            if (name.equals("--help")) {
                return Optional.empty();
            }
            if (!flag && equals < 0 && rest.isEmpty()) {
                throw new UsageException(name + " needs a value");
            }
            String value = flag ? "" : equals < 0 ? rest.removeFirst() : argument.substring(equals + 1);
            options = options.with(name, value);
        }
        if (seen.contains("--running") && seen.contains("--url")) {
            throw new UsageException("--running and --url name two servers; give one of them");
        }
        if (options.url() != null && (seen.contains("--port") || seen.contains("--data"))) {
            throw new UsageException("--port and --data are for a server that is started, not for a running one");
        }
        options.requireRedis();
        return Optional.of(options);
    }

    private void requireRedis() throws UsageException {
        if (flushRedis.at() != null && !flushRedis.asked()) {
            throw new UsageException("--redis is for --flush-redis; give both or none of them");
        }
        if (flushRedis.at() != null && url == null) {
            throw new UsageException("--redis is for a running server; the Redis of a server that is started is known");
        }
        if (flushRedis.asked() && url != null && flushRedis.at() == null) {
            throw new UsageException(
                    "--flush-redis empties the Redis of a running server; name it with --redis HOST:PORT to allow it");
        }
    }

    private RehearsalOptions with(String name, String value) throws UsageException {
        return switch (name) {
            case "--running" -> withUrl(RUNNING);
            case "--url" -> withUrl(url(value));
            case "--buyers" -> withCrowd((int) number(name, value, 1, 100_000), seats, people, coupons);
            case "--seats" -> withCrowd(buyers, (int) number(name, value, 1, 100_000), people, coupons);
            case "--people" -> withCrowd(buyers, seats, (int) number(name, value, 1, 100_000), coupons);
            case "--coupons" -> withCrowd(buyers, seats, people, (int) number(name, value, 1, 10_000_000));
            case "--seed" -> withSeed(number(name, value, Long.MIN_VALUE, Long.MAX_VALUE));
            case "--timeout" -> withTimes(duration(name, value, Duration.ofSeconds(5)), requestTimeout, hold);
            case "--request-timeout" -> withTimes(timeout, duration(name, value, Duration.ofMillis(100)), hold);
            case "--hold" -> withTimes(timeout, requestTimeout, duration(name, value, Duration.ofSeconds(1)));
            case "--in-flight" -> withLimits((int) number(name, value, 1, 10_000), otherSeatsMax);
            case "--other-seats" -> withLimits(inFlightMax, (int) number(name, value, 0, 1_000));
            case "--port" -> withServer((int) number(name, value, 0, 65_535), data);
            case "--data" -> withServer(port, path(value));
            case "--flush-redis" -> withFlushRedis(new FlushRedis(true, flushRedis.at()));
            case "--redis" -> withFlushRedis(new FlushRedis(flushRedis.asked(), redis(name, value)));
            default -> throw new UsageException("unknown option " + name + ", see ./onsale rehearse --help");
        };
    }

    RehearsalOptions withUrl(String value) {
        return new RehearsalOptions(
                value,
                buyers,
                seats,
                people,
                coupons,
                seed,
                timeout,
                inFlightMax,
                requestTimeout,
                hold,
                otherSeatsMax,
                port,
                data,
                flushRedis);
    }

    RehearsalOptions withCrowd(int buyersNow, int seatsNow, int peopleNow, int couponsNow) {
        return new RehearsalOptions(
                url,
                buyersNow,
                seatsNow,
                peopleNow,
                couponsNow,
                seed,
                timeout,
                inFlightMax,
                requestTimeout,
                hold,
                otherSeatsMax,
                port,
                data,
                flushRedis);
    }

    RehearsalOptions withSeed(long value) {
        return new RehearsalOptions(
                url,
                buyers,
                seats,
                people,
                coupons,
                value,
                timeout,
                inFlightMax,
                requestTimeout,
                hold,
                otherSeatsMax,
                port,
                data,
                flushRedis);
    }

    RehearsalOptions withTimes(Duration whole, Duration request, Duration holdNow) {
        return new RehearsalOptions(
                url,
                buyers,
                seats,
                people,
                coupons,
                seed,
                whole,
                inFlightMax,
                request,
                holdNow,
                otherSeatsMax,
                port,
                data,
                flushRedis);
    }

    private RehearsalOptions withLimits(int inFlight, int otherSeats) {
        return new RehearsalOptions(
                url,
                buyers,
                seats,
                people,
                coupons,
                seed,
                timeout,
                inFlight,
                requestTimeout,
                hold,
                otherSeats,
                port,
                data,
                flushRedis);
    }

    private RehearsalOptions withServer(int portNow, @Nullable Path dataNow) {
        return new RehearsalOptions(
                url,
                buyers,
                seats,
                people,
                coupons,
                seed,
                timeout,
                inFlightMax,
                requestTimeout,
                hold,
                otherSeatsMax,
                portNow,
                dataNow,
                flushRedis);
    }

    RehearsalOptions withFlushRedis(FlushRedis value) {
        return new RehearsalOptions(
                url,
                buyers,
                seats,
                people,
                coupons,
                seed,
                timeout,
                inFlightMax,
                requestTimeout,
                hold,
                otherSeatsMax,
                port,
                data,
                value);
    }

    private static long number(String name, String value, long min, long max) throws UsageException {
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException wrong) {
            // Said below, together with numbers out of range.
        }
        throw new UsageException(name + " is a whole number from " + min + " to " + max + ", not " + value);
    }

    private static Duration duration(String name, String value, Duration min) throws UsageException {
        Duration max = Duration.ofHours(1);
        try {
            Duration duration = Duration.parse(value);
            if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException wrong) {
            // Said below, together with durations out of range.
        }
        throw new UsageException(
                name + " is a duration from " + min + " to " + max + " such as PT30S or PT2M, not " + value);
    }

    private static String url(String value) throws UsageException {
        try {
            URI uri = URI.create(value);
            if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
                return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
            }
        } catch (IllegalArgumentException wrong) {
            // Said below, together with addresses of another kind.
        }
        throw new UsageException("--url is an address such as " + RUNNING + ", not " + value);
    }

    private static RedisAddress redis(String name, String value) throws UsageException {
        int colon = value.lastIndexOf(':');
        if (colon < 1) {
            throw new UsageException(name + " is an address such as 127.0.0.1:6379, not " + value);
        }
        return new RedisAddress(
                value.substring(0, colon), (int) number(name + "'s port", value.substring(colon + 1), 1, 65_535));
    }

    private static Path path(String value) throws UsageException {
        try {
            if (!value.isBlank()) {
                return Path.of(value).toAbsolutePath();
            }
        } catch (InvalidPathException wrong) {
            // Said below, together with the empty path.
        }
        throw new UsageException("--data is a folder, not " + value);
    }
}
