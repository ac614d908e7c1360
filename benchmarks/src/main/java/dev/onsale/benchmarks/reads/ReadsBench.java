package dev.onsale.benchmarks.reads;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Ids;
import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.SeatClaim;
import dev.onsale.benchmarks.OnsaleServer;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.paymentsimulator.PaymentSimulator;
import dev.onsale.paymentsimulator.SimulatorOptions;
import dev.onsale.rehearsal.command.ResultLine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;

/**
 * {@code ./onsale bench reads}: compares the seat map of 20,000 seats with a static response of the same size from the
 * same server, in alternating rounds. Reports medians. Then measures, at 2,000 events per second, the time from the
 * response to a command until its row is in the read model.
 */
public final class ReadsBench {

    private static final int ROUNDS = Integer.getInteger("onsale.bench.rounds", 3);
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("onsale.bench.seconds", 4));
    private static final int WARM_UP_ROUNDS = 3;
    private static final int SEATS = 20_000;
    private static final int CONNECTIONS = 32;
    private static final int EVENTS_PER_SECOND = 2_000;
    private static final int SEATS_AT_ONCE = 4;
    private static final double LAG_P99_MS_MAX = 100;
    private static final double RATIO_MIN = 0.4;

    /**
     * Holding four seats and cancelling the hold: twice four seats, two events of the allowance and two of the
     * reservation.
     */
    private static final int EVENTS_PER_ROUND = 12;

    private static final int WATCHED_EACH = 10;
    private static final int WATCHED_AT_ONCE_MAX = 200;
    private static final Duration LAG_WARM_UP = Duration.ofSeconds(10);
    private static final Duration LAG_MEASURED = Duration.ofSeconds(15);
    private static final Duration LAG_PATIENCE = Duration.ofSeconds(60);

    private final ConfigurableApplicationContext onsale;
    private final CommandGateway commands;
    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();
    private final PerformanceId performance = new PerformanceId(Ids.timeOrdered());

    /** Measured write rate during the lag measurement. */
    private double writtenPerSecond;

    private long held;

    private ReadsBench(ConfigurableApplicationContext onsale) {
        this.onsale = onsale;
        this.commands = onsale.getBean(CommandGateway.class);
        this.url = "http://127.0.0.1:"
                + Objects.requireNonNull(((ReactiveWebServerApplicationContext) onsale).getWebServer())
                        .getPort();
    }

    public static void main(String[] args) throws Exception {
        Path folder = OnsaleServer.folder("reads");
        boolean pass;
        // With everything that follows the log: sealer, statistics and payments too.
        try (PaymentSimulator gateway = PaymentSimulator.start(SimulatorOptions.defaults());
                OnsaleServer server = OnsaleServer.start(
                        folder, List.of("--onsale.payment.base-url=" + gateway.baseUri()), StaticAnswer.class)) {
            pass = new ReadsBench(server.context()).run();
        }
        System.exit(pass ? 0 : 1);
    }

    private boolean run() throws Exception {
        schedule();
        for (int first = 1; first < 2_000; first += SEATS_AT_ONCE) {
            hold(first, BuyerId.of("early-" + first), ReservationId.next()).get(30, TimeUnit.SECONDS);
        }
        String map = "/api/performances/" + performance + "/seat-map";
        byte[] answer = awaitMap(map);
        onsale.getBean(StaticAnswer.class).become(answer);

        List<Load> maps = new ArrayList<>();
        List<Load> statics = new ArrayList<>();
        for (int round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round++) {
            Load bare = load(StaticAnswer.PATH);
            Load read = load(map);
            System.err.printf(
                    Locale.ROOT,
                    "round %d  static %,.0f/s p99 %.1f ms   seat map %,.0f/s p99 %.1f ms%n",
                    round,
                    bare.perSecond(),
                    bare.p99Millis(),
                    read.perSecond(),
                    read.p99Millis());
            if (round > 0) {
                statics.add(bare);
                maps.add(read);
            }
        }
        return report(answer.length, median(maps), median(statics), lag());
    }

    private boolean report(int bytes, Load map, Load bare, Histogram lag) {
        double ratio = map.perSecond() / bare.perSecond();
        double p50 = lag.getValueAtPercentile(50) / 1e6;
        double p99 = lag.getValueAtPercentile(99) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "seat map of %,d seats (%,d bytes): %,.0f requests/s, p99 %.1f ms; static: %,.0f requests/s, p99 %.1f ms;"
                        + " ratio %.2f%nlag at %,d events/s: p50 %.1f ms, p99 %.1f ms over %,d reservations%n",
                SEATS,
                bytes,
                map.perSecond(),
                map.p99Millis(),
                bare.perSecond(),
                bare.p99Millis(),
                ratio,
                Math.round(writtenPerSecond),
                p50,
                p99,
                lag.getTotalCount());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "reads");
        result.put("seatmap_per_s", Math.round(map.perSecond()));
        result.put("seatmap_p99_ms", ResultLine.rounded(map.p99Millis()));
        result.put("static_per_s", Math.round(bare.perSecond()));
        result.put("seatmap_vs_static", ResultLine.rounded(ratio));
        result.put("lag_p50_ms", ResultLine.rounded(p50));
        result.put("lag_p99_ms", ResultLine.rounded(p99));
        result.put("lag_events_per_s", Math.round(writtenPerSecond));
        result.put("lag_reservations", lag.getTotalCount());
        boolean pass = lag.getTotalCount() > 0
                && writtenPerSecond > EVENTS_PER_SECOND * 0.95
                && p99 <= LAG_P99_MS_MAX
                && ratio >= RATIO_MIN;
        result.put("pass", pass);
        ResultLine.print(System.out, result);
        return pass;
    }

    private void schedule() throws Exception {
        List<SeatingPlan.Seat> row = IntStream.rangeClosed(1, SEATS)
                .mapToObj(number ->
                        new SeatingPlan.Seat(SeatLabel.of("S-" + number), Integer.toString(number), 0, number, 0))
                .toList();
        SeatingPlan plan = new SeatingPlan(
                "Stadium",
                List.of(new SeatingPlan.Category("A", "#E87722")),
                List.of(new SeatingPlan.Zone("Stalls", 0, 0, List.of(new SeatingPlan.Row("1", 0, 0, row)))),
                100,
                100);
        commands.send(new SchedulePerformance(
                        performance,
                        "Final",
                        Instant.parse("2099-01-01T19:00:00Z"),
                        plan,
                        List.of(new PriceZone("A", Money.of(4_900, "EUR"))),
                        Instant.parse("2020-01-01T00:00:00Z"),
                        Instant.parse("2099-01-01T00:00:00Z"),
                        SEATS_AT_ONCE,
                        Duration.ofMinutes(30),
                        false))
                .get(30, TimeUnit.SECONDS);
    }

    private java.util.concurrent.CompletableFuture<Object> hold(int first, BuyerId buyer, ReservationId reservation) {
        List<SeatClaim> seats = IntStream.range(first, first + SEATS_AT_ONCE)
                .mapToObj(seat -> new SeatClaim(SeatLabel.of("S-" + seat), null))
                .toList();
        return commands.send(new HoldSeats(reservation, performance, buyer, seats));
    }

    private byte[] awaitMap(String path) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < deadline) {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() == 200
                    && new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8).contains("\"held\":2000,")) {
                return answer.body();
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        throw new IllegalStateException("The seat map did not show the holds in 60 s");
    }

    private record Load(double perSecond, double p99Millis) {}

    private Load load(String path) {
        Histogram latency = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(60), 3);
        LongAdder done = new LongAdder();
        ConnectionProvider connections =
                ConnectionProvider.builder("reads").maxConnections(CONNECTIONS).build();
        var client = reactor.netty.http.client.HttpClient.create(connections).baseUrl(url);
        long begun = System.nanoTime();
        long end = begun + MEASURED.toNanos();
        Mono<Long> one = Mono.defer(() -> {
            long sent = System.nanoTime();
            return client.get()
                    .uri(path)
                    .responseSingle((response, body) -> response.status().code() == 200
                            ? body.map(bytes -> (long) bytes.readableBytes())
                            : Mono.error(new IllegalStateException("answer " + response.status())))
                    .doOnSuccess(bytes -> {
                        latency.recordValue(System.nanoTime() - sent);
                        done.increment();
                    });
        });
        Flux.range(0, CONNECTIONS)
                .flatMap(connection -> one.repeat(() -> System.nanoTime() < end), CONNECTIONS)
                .blockLast(MEASURED.plusSeconds(60));
        double perSecond = done.sum() * 1e9 / (System.nanoTime() - begun);
        connections.dispose();
        return new Load(perSecond, latency.getValueAtPercentile(99) / 1e6);
    }

    /** Measures from the command's response, which follows the commit, until the reservation's row exists. */
    private Histogram lag() throws InterruptedException {
        hold(LAG_WARM_UP, new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(120), 3));
        Histogram lag = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(120), 3);
        long head = onsale.getBean(StoredEvents.class).head();
        long begun = System.nanoTime();
        hold(LAG_MEASURED, lag);
        writtenPerSecond = (onsale.getBean(StoredEvents.class).head() - head) * 1e9 / (System.nanoTime() - begun);
        return lag;
    }

    /** Holds at a constant rate. Every tenth reservation is observed, all of them with one query. */
    private void hold(Duration time, Histogram lag) throws InterruptedException {
        Map<String, Long> committedAt = new ConcurrentHashMap<>();
        AtomicBoolean done = new AtomicBoolean();
        Thread watcher = Thread.ofPlatform().daemon().name("watcher").start(() -> watch(committedAt, done, lag));
        long interval = TimeUnit.SECONDS.toNanos(1) * EVENTS_PER_ROUND / EVENTS_PER_SECOND;
        long begun = System.nanoTime();
        for (long due = begun; due - begun < time.toNanos(); due += interval) {
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            long number = held++;
            int first = 2_001 + (int) (number * SEATS_AT_ONCE % (SEATS - 2_100));
            BuyerId buyer = BuyerId.of("watched-" + number);
            ReservationId reservation = ReservationId.next();
            var unused = hold(first, buyer, reservation).thenAccept(answer -> {
                if (number % WATCHED_EACH == 0) {
                    committedAt.put(reservation.toString(), System.nanoTime());
                }
                var unusedAnswer = commands.send(new CancelReservation(reservation, performance, buyer));
            });
        }
        done.set(true);
        if (!watcher.join(LAG_PATIENCE)) {
            throw new IllegalStateException("Rows did not exist within " + LAG_PATIENCE);
        }
    }

    private void watch(Map<String, Long> committedAt, AtomicBoolean done, Histogram lag) {
        NamedParameterJdbcTemplate jdbc = new NamedParameterJdbcTemplate(onsale.getBean(javax.sql.DataSource.class));
        while (!done.get() || !committedAt.isEmpty()) {
            List<String> waiting =
                    committedAt.keySet().stream().limit(WATCHED_AT_ONCE_MAX).toList();
            if (!waiting.isEmpty()) {
                List<String> there = jdbc.queryForList(
                        "SELECT reservation_id FROM reservation_view WHERE reservation_id IN (:waiting)",
                        Map.of("waiting", waiting),
                        String.class);
                long now = System.nanoTime();
                there.forEach(reservation -> {
                    Long committed = committedAt.remove(reservation);
                    if (committed != null) {
                        lag.recordValue(now - committed);
                    }
                });
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }

    private static Load median(List<Load> loads) {
        return loads.stream()
                .sorted(java.util.Comparator.comparingDouble(Load::perSecond))
                .toList()
                .get(loads.size() / 2);
    }
}
