package dev.onsale.benchmarks.rebuild;

import dev.onsale.benchmarks.OnsaleServer;
import dev.onsale.eventlog.EventLogConfiguration;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.ReadModels;
import dev.onsale.rehearsal.command.ResultLine;
import jakarta.persistence.EntityManagerFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.HdrHistogram.Histogram;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.serialization.Serializer;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ./onsale bench rebuild}: writes a million events with the application's commands. Then compares the rebuild
 * through the API with stock Axon running the same folds and with a bare scan, in alternating rounds. Reports medians.
 * Then measures holds at a constant rate with and without a concurrent rebuild. Consumers, publisher, guard, saga and
 * sealer are stopped, so that only the compared code runs.
 */
public final class RebuildBench {

    private static final long EVENTS = Long.getLong("onsale.bench.events", 1_000_000);
    private static final int ROUNDS = Integer.getInteger("onsale.bench.rounds", 3);
    private static final int HOLDS_PER_SECOND = 200;
    private static final int SCAN_PAGE = 10_000;
    /** A status request costs as much as reading 500 events, and both cores are busy. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ConfigurableApplicationContext onsale;
    private final DataSource dataSource;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final String token;

    private RebuildBench(ConfigurableApplicationContext onsale) throws Exception {
        this.onsale = onsale;
        this.dataSource = onsale.getBean(DataSource.class);
        this.url = "http://127.0.0.1:"
                + Objects.requireNonNull(((ReactiveWebServerApplicationContext) onsale).getWebServer())
                        .getPort();
        this.token = call("POST", "/dev/tokens", "{\"subject\":\"bench\",\"roles\":[\"operator\"]}", "")
                .path("token")
                .asString();
    }

    public static void main(String[] args) throws Exception {
        Path folder = OnsaleServer.folder("rebuild");
        FileSystemUtils.deleteRecursively(folder);
        boolean pass;
        try (OnsaleServer server = OnsaleServer.start(folder)) {
            pass = new RebuildBench(server.context()).run();
        }
        FileSystemUtils.deleteRecursively(folder);
        System.exit(pass ? 0 : 1);
    }

    private boolean run() throws Exception {
        RunningSale sale = new RunningSale(onsale.getBean(CommandGateway.class));
        say("writing %,d events with the product's commands", EVENTS);
        long begun = System.nanoTime();
        sale.schedule();
        sale.write(EVENTS);
        StoredEvents log = onsale.getBean(StoredEvents.class);
        long head = log.head();
        long events = count();
        say("%,d events in %.0f s", events, (System.nanoTime() - begun) / 1e9);
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());

        ReadModel<?> seats = projection("seat-map");
        ReadModel<?> reservations = projection("reservations");
        StockReplay stock = stock();
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 1; round <= ROUNDS; round++) {
            note(rates, round, "scan", scan(events));
            note(rates, round, "seats", rebuild("seat-map", events));
            note(rates, round, "seats-axon", stock.replay(seats, head, events));
            note(rates, round, "reservations", rebuild("reservations", events));
            note(rates, round, "reservations-axon", stock.replay(reservations, head, events));
        }
        Histogram alone =
                sale.holdsPerSecond(HOLDS_PER_SECOND, Duration.ofSeconds(8), CompletableFuture.completedFuture(true));
        CompletableFuture<Double> beside = CompletableFuture.supplyAsync(() -> {
            try {
                double seatRate = rebuild("seat-map", events);
                rebuild("reservations", events);
                return seatRate;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Histogram during = sale.holdsPerSecond(HOLDS_PER_SECOND, Duration.ofSeconds(3), beside);
        return report(rates, events, alone, during, beside.join());
    }

    private static boolean report(
            Map<String, List<Double>> rates, long events, Histogram alone, Histogram during, double seatsWhileSelling) {
        double seatsVsAxon = median(rates, "seats") / median(rates, "seats-axon");
        double reservationsVsAxon = median(rates, "reservations") / median(rates, "reservations-axon");
        double seatsVsScan = median(rates, "seats") / median(rates, "scan");
        double before = alone.getValueAtPercentile(99) / 1e6;
        double meanwhile = during.getValueAtPercentile(99) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "seat map:     %,.0f events/s, %.1f times stock Axon (%,.0f), %.2f of a bare scan (%,.0f)%n"
                        + "reservations: %,.0f events/s, %.1f times stock Axon (%,.0f)%n"
                        + "holds at %d/s: p99 %.1f ms without and %.1f ms with a concurrent rebuild (seat map then %,.0f events/s)%n",
                median(rates, "seats"),
                seatsVsAxon,
                median(rates, "seats-axon"),
                seatsVsScan,
                median(rates, "scan"),
                median(rates, "reservations"),
                reservationsVsAxon,
                median(rates, "reservations-axon"),
                HOLDS_PER_SECOND,
                before,
                meanwhile,
                seatsWhileSelling);
        boolean pass = seatsVsAxon >= 4 && reservationsVsAxon >= 4;
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "rebuild");
        result.put("events", events);
        result.put("seatmap_vs_axon", ResultLine.rounded(seatsVsAxon));
        result.put("reservations_vs_axon", ResultLine.rounded(reservationsVsAxon));
        result.put("seatmap_vs_scan", ResultLine.rounded(seatsVsScan));
        rates.forEach((name, of) -> result.put(name.replace('-', '_') + "_per_s", Math.round(ResultLine.median(of))));
        result.put("hold_p99_ms", ResultLine.rounded(before));
        result.put("hold_p99_ms_during_rebuild", ResultLine.rounded(meanwhile));
        result.put("pass", pass);
        ResultLine.print(System.out, result);
        return pass;
    }

    private ReadModel<?> projection(String name) {
        return onsale.getBean(ReadModels.class).find(name).orElseThrow();
    }

    /** Measures from the request to the switch of the tables, through the API. */
    private double rebuild(String name, long events) throws Exception {
        long begun = System.nanoTime();
        call("POST", "/api/admin/projections/" + name + "/rebuild", "", token);
        while (true) {
            JsonNode rebuild =
                    call("GET", "/api/admin/projections/" + name, "", token).path("rebuild");
            String state = rebuild.path("state").asString();
            if (state.equals("SWITCHED") && rebuild.path("differences").asLong() == 0) {
                return events * 1e9 / (System.nanoTime() - begun);
            }
            if (state.equals("FAILED")
                    || state.equals("SWITCHED")
                    || System.nanoTime() - begun > Duration.ofMinutes(4).toNanos()) {
                throw new IllegalStateException("The rebuild of " + name + " is " + rebuild);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** Reads every row with its payload in pages over one connection, without processing it. */
    private double scan(long events) throws Exception {
        long begun = System.nanoTime();
        long rows = 0;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement page = connection.prepareStatement(
                        "SELECT global_index, sequence_number, payload_type, payload_revision, payload FROM domain_event"
                                + " WHERE global_index > ? ORDER BY global_index LIMIT " + SCAN_PAGE)) {
            long position = 0;
            boolean more = true;
            while (more) {
                page.setLong(1, position);
                more = false;
                try (ResultSet row = page.executeQuery()) {
                    while (row.next()) {
                        more = true;
                        rows++;
                        position = row.getLong(1);
                        if (row.getBytes(5).length == 0) {
                            throw new IllegalStateException("An empty payload at " + position);
                        }
                    }
                }
            }
        }
        if (rows < events) {
            throw new IllegalStateException("Scanned " + rows + " of " + events);
        }
        return rows * 1e9 / (System.nanoTime() - begun);
    }

    private long count() throws Exception {
        try (Connection connection = dataSource.getConnection();
                ResultSet row = connection.createStatement().executeQuery("SELECT COUNT(*) FROM domain_event")) {
            row.next();
            return row.getLong(1);
        }
    }

    private StockReplay stock() {
        Serializer serializer = onsale.getBean("eventSerializer", Serializer.class);
        TransactionManager transactions = onsale.getBean("eventLogTransactions", TransactionManager.class);
        EventStorageEngine engine = JdbcEventStorageEngine.builder()
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .connectionProvider(onsale.getBean(org.axonframework.common.jdbc.ConnectionProvider.class))
                .transactionManager(transactions)
                .batchSize(1_000)
                .schema(EventLogConfiguration.schema())
                .build();
        return new StockReplay(
                dataSource,
                engine,
                transactions,
                SharedEntityManagerCreator.createSharedEntityManager(onsale.getBean(EntityManagerFactory.class)));
    }

    private JsonNode call(String method, String path, String body, String bearer) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!bearer.isEmpty()) {
            request.header("Authorization", "Bearer " + bearer);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(
                    method + " " + path + " responded with " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    private static void note(Map<String, List<Double>> rates, int round, String name, double rate) {
        rates.computeIfAbsent(name, key -> new ArrayList<>()).add(rate);
        say("round %d  %-18s %,.0f events/s", round, name, rate);
    }

    private static void say(String format, Object... values) {
        System.err.printf(Locale.ROOT, format + "%n", values);
    }

    private static double median(Map<String, List<Double>> rates, String name) {
        return ResultLine.median(rates.getOrDefault(name, List.of()));
    }
}
