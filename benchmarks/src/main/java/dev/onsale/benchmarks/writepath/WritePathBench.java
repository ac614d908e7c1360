package dev.onsale.benchmarks.writepath;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.onsale.api.Ids;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.benchmarks.OnsaleServer;
import dev.onsale.command.store.ShardOwnership;
import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.embedded.Service;
import dev.onsale.rehearsal.command.ResultLine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.flywaydb.core.Flyway;

/**
 * {@code ./onsale bench write-path}: compares stock Axon, Onsale and raw batched inserts in alternating rounds. Reports
 * medians. Uses new aggregates, 1,000 existing ones and one hot one in a closed loop, then Onsale in an open loop of
 * 10,000 commands/s.
 */
public final class WritePathBench {

    private static final int ROUNDS = Integer.getInteger("onsale.bench.rounds", 3);
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("onsale.bench.warmup-seconds", 3));
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("onsale.bench.seconds", 5));
    private static final int STOCK_CALLERS = 16;
    private static final int ONSALE_IN_FLIGHT = 4_096;
    private static final int EXISTING = 1_000;
    private static final int RAW_GROUP = 512;
    private static final int OPEN_LOOP_PER_SECOND = 10_000;

    private WritePathBench() {}

    /** Which aggregate the n-th command is sent to. */
    private enum Shape {
        NEW,
        EXISTING,
        HOT
    }

    public static void main(String[] args) throws Exception {
        Path folder = OnsaleServer.folder("write-path");
        EmbeddedOptions options =
                EmbeddedOptions.in(folder).only(Service.MARIADB).withFreshData();
        boolean pass;
        try (EmbeddedServices services = EmbeddedServices.start(options, WritePathBench::say);
                HikariDataSource database = database(services.addresses())) {
            pass = run(database);
        }
        System.exit(pass ? 0 : 1);
    }

    private static void say(String line) {
        System.err.println(line);
    }

    private static boolean run(HikariDataSource database) throws Exception {
        Map<Shape, List<Double>> stock = new LinkedHashMap<>();
        Map<Shape, List<Double>> onsale = new LinkedHashMap<>();
        Map<Shape, List<Double>> unchecked = new LinkedHashMap<>();
        List<Double> raw = new ArrayList<>();
        List<Histogram> open = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            for (Shape shape : Shape.values()) {
                try (WritePath path = new WritePath.Stock(database, STOCK_CALLERS)) {
                    stock.computeIfAbsent(shape, key -> new ArrayList<>())
                            .add(closedLoop("stock", shape, path, STOCK_CALLERS, round));
                }
                empty(database);
                try (WritePath path = new WritePath.Onsale(database, WritePath.CHECKED)) {
                    onsale.computeIfAbsent(shape, key -> new ArrayList<>())
                            .add(closedLoop("onsale", shape, path, ONSALE_IN_FLIGHT, round));
                }
                empty(database);
                try (WritePath path = new WritePath.Onsale(database, ShardOwnership.ALL)) {
                    unchecked
                            .computeIfAbsent(shape, key -> new ArrayList<>())
                            .add(closedLoop("unchecked", shape, path, ONSALE_IN_FLIGHT, round));
                }
                empty(database);
            }
            double rows = raw(database);
            raw.add(rows);
            System.err.printf(Locale.ROOT, "round %d  raw batched insert  %,.0f rows/s%n", round, rows);
            empty(database);
            try (WritePath path = new WritePath.Onsale(database, WritePath.CHECKED)) {
                Histogram latency = openLoop(path);
                open.add(latency);
                System.err.printf(Locale.ROOT, "round %d  open loop  p99 %.1f ms%n", round, millis(latency, 99));
            }
            empty(database);
        }
        return report(stock, onsale, unchecked, ResultLine.median(raw), open);
    }

    private static boolean report(
            Map<Shape, List<Double>> stock,
            Map<Shape, List<Double>> onsale,
            Map<Shape, List<Double>> unchecked,
            double limit,
            List<Histogram> open) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "write-path");
        for (Shape shape : Shape.values()) {
            String name = shape.name().toLowerCase(Locale.ROOT);
            double ours = ResultLine.median(onsale.getOrDefault(shape, List.of()));
            double theirs = ResultLine.median(stock.getOrDefault(shape, List.of()));
            System.out.printf(
                    Locale.ROOT,
                    "%s: onsale/stock %.1f, onsale/limit %.2f   (%,.0f and %,.0f commands/s, limit %,.0f rows/s)%n",
                    name,
                    ours / theirs,
                    ours / limit,
                    ours,
                    theirs,
                    limit);
            result.put(name + "_vs_stock", ResultLine.rounded(ours / theirs));
            result.put(name + "_vs_limit", ResultLine.rounded(ours / limit));
            result.put(name + "_per_s", Math.round(ours));
            result.put("stock_" + name + "_per_s", Math.round(theirs));
            result.put(
                    name + "_vs_unchecked",
                    ResultLine.rounded(ours / ResultLine.median(unchecked.getOrDefault(shape, List.of()))));
        }
        double p50 = ResultLine.median(
                open.stream().map(latency -> millis(latency, 50)).toList());
        double p99 = ResultLine.median(
                open.stream().map(latency -> millis(latency, 99)).toList());
        System.out.printf(
                Locale.ROOT,
                "open loop at %,d/s: p50 %.1f ms, p99 %.1f ms, max of all rounds %.1f ms over %,d commands%n",
                OPEN_LOOP_PER_SECOND,
                p50,
                p99,
                open.stream().mapToDouble(latency -> millis(latency, 100)).max().orElse(0),
                open.stream().mapToLong(Histogram::getTotalCount).sum());
        result.put("limit_rows_per_s", Math.round(limit));
        result.put("open10k_p50_ms", ResultLine.rounded(p50));
        result.put("open10k_p99_ms", ResultLine.rounded(p99));
        result.put(
                "open10k_p99_ms_rounds",
                open.stream()
                        .map(latency -> ResultLine.rounded(millis(latency, 99)))
                        .toList());
        boolean pass = number(result, "new_vs_stock") >= 8
                && number(result, "new_vs_limit") >= 0.6
                && number(result, "hot_vs_stock") >= 12
                && p99 < 5;
        result.put("pass", pass);
        ResultLine.print(System.out, result);
        return pass;
    }

    private static double closedLoop(String name, Shape shape, WritePath path, int inFlightMax, int round)
            throws InterruptedException {
        LongFunction<OnsaleCommand> commands = commands(shape, path);
        LongAdder done = new LongAdder();
        LongAdder failed = new LongAdder();
        Semaphore inFlight = new Semaphore(inFlightMax);
        long begun = System.nanoTime();
        long measureFrom = begun + WARM_UP.toNanos();
        long end = measureFrom + MEASURED.toNanos();
        long atStart = -1;
        long startedAt = 0;
        for (long number = 0; System.nanoTime() < end; number++) {
            if (!inFlight.tryAcquire(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " had no response for 30 s");
            }
            if (atStart < 0 && System.nanoTime() >= measureFrom) {
                atStart = done.sum();
                startedAt = System.nanoTime();
            }
            var unused = path.send(commands.apply(number)).whenComplete((answer, failure) -> {
                if (failure == null) {
                    done.increment();
                } else {
                    failed.increment();
                }
                inFlight.release();
            });
        }
        long count = done.sum() - atStart;
        double perSecond = count * 1e9 / (System.nanoTime() - startedAt);
        if (!inFlight.tryAcquire(inFlightMax, 60, TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " did not get a response to every command");
        }
        if (failed.sum() > 0) {
            throw new IllegalStateException(failed.sum() + " commands of " + name + " failed");
        }
        System.err.printf(Locale.ROOT, "round %d  %-8s %-6s %,.0f commands/s%n", round, shape, name, perSecond);
        return perSecond;
    }

    private static LongFunction<OnsaleCommand> commands(Shape shape, WritePath path) {
        Instant now = Instant.EPOCH;
        return switch (shape) {
            case NEW -> number -> new Counter.Create(Ids.timeOrdered().toString(), now);
            case EXISTING -> {
                List<String> ids = created(path, EXISTING, now);
                yield number -> new Counter.Increment(ids.get((int) (number % EXISTING)), now);
            }
            case HOT -> {
                String id = created(path, 1, now).getFirst();
                yield number -> new Counter.Increment(id, now);
            }
        };
    }

    private static List<String> created(WritePath path, int count, Instant now) {
        List<String> ids = new ArrayList<>();
        List<CompletableFuture<Object>> answers = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            String id = Ids.timeOrdered().toString();
            ids.add(id);
            answers.add(path.send(new Counter.Create(id, now)));
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        return ids;
    }

    /** Sends each command at its scheduled time, independent of the responses. Latency is measured from that time. */
    private static Histogram openLoop(WritePath path) {
        Histogram latency = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(60), 3);
        LongAdder failed = new LongAdder();
        long interval = TimeUnit.SECONDS.toNanos(1) / OPEN_LOOP_PER_SECOND;
        long begun = System.nanoTime();
        long measureFrom = begun + WARM_UP.toNanos();
        long end = measureFrom + MEASURED.multipliedBy(2).toNanos();
        List<CompletableFuture<Object>> last = new ArrayList<>();
        for (long due = begun; due < end; due += interval) {
            long wait = due - System.nanoTime();
            if (wait > 50_000) {
                LockSupport.parkNanos(wait);
            }
            long sentAt = due;
            CompletableFuture<Object> answer = path.send(
                            new Counter.Create(Ids.timeOrdered().toString(), Instant.EPOCH))
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            failed.increment();
                        } else if (sentAt >= measureFrom) {
                            latency.recordValue(Math.max(0, System.nanoTime() - sentAt));
                        }
                    });
            if (end - due < TimeUnit.SECONDS.toNanos(1)) {
                last.add(answer);
            }
        }
        CompletableFuture.allOf(last.toArray(CompletableFuture[]::new))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        if (failed.sum() > 0) {
            throw new IllegalStateException(failed.sum() + " commands of the open loop failed");
        }
        return latency;
    }

    /** The upper limit: inserts of rows of the same size into the same table, in batches over two connections. */
    private static double raw(HikariDataSource database) throws Exception {
        LongAdder rows = new LongAdder();
        long begun = System.nanoTime();
        long end = begun + MEASURED.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int index = 0; index < 2; index++) {
            threads.add(Thread.ofPlatform().start(() -> insertUntil(database, end, rows)));
        }
        for (Thread thread : threads) {
            thread.join(MEASURED.plusSeconds(60));
        }
        return rows.sum() * 1e9 / (System.nanoTime() - begun);
    }

    private static void insertUntil(HikariDataSource database, long end, LongAdder rows) {
        byte[] payload = ("{\"id\":\"" + Ids.timeOrdered() + "\",\"count\":1,\"buyerId\":\"buyer-" + Ids.timeOrdered()
                        + "\",\"minorUnits\":4900,\"at\":\"1970-01-01T00:00:00Z\"}")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] metaData = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type,"
                                + " time_stamp, payload_type, payload_revision, payload, meta_data)"
                                + " VALUES (?,?,?,?,?,?,?,?,?)")) {
            connection.setAutoCommit(false);
            while (System.nanoTime() < end) {
                for (int row = 0; row < RAW_GROUP; row++) {
                    insert.setString(1, Ids.timeOrdered().toString());
                    insert.setString(2, Ids.timeOrdered().toString());
                    insert.setLong(3, 0);
                    insert.setString(4, "Counter");
                    insert.setString(5, "1970-01-01T00:00:00Z");
                    insert.setString(6, "onsale-benchmark.counted");
                    insert.setString(7, "1");
                    insert.setBytes(8, payload);
                    insert.setBytes(9, metaData);
                    insert.addBatch();
                }
                int[] unused = insert.executeBatch();
                connection.commit();
                rows.add(RAW_GROUP);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The raw insert failed", e);
        }
    }

    private static HikariDataSource database(EmbeddedAddresses addresses) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(addresses.jdbcUrl());
        config.setUsername(addresses.jdbcUser());
        config.setPassword(addresses.jdbcPassword());
        config.setMaximumPoolSize(STOCK_CALLERS + WritePath.WRITERS + 4);
        HikariDataSource database = new HikariDataSource(config);
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/event-log", "classpath:db/migration/command")
                .load()
                .migrate();
        return database;
    }

    private static void empty(HikariDataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("TRUNCATE TABLE domain_event");
        }
    }

    private static double millis(Histogram latency, double percentile) {
        return latency.getValueAtPercentile(percentile) / 1_000_000.0;
    }

    private static double number(Map<String, Object> result, String key) {
        return result.get(key) instanceof Number value ? value.doubleValue() : 0;
    }
}
