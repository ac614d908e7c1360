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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;

/**
 * {@code ./onsale bench reads}: compares the seat map of 20,000 seats with a static response of the same size from the
 * same server, in alternating rounds. Reports medians. Then measures, at 2,000 events per second, the time from the
 * response to a command until its row is in the read model. Other modes: the lag minute by minute, and one publisher alone.
 */
public final class ReadsBench {

    private static final int ROUNDS = Integer.getInteger("onsale.bench.rounds", 3);
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("onsale.bench.seconds", 4));
    private static final int WARM_UP_ROUNDS = 3;
    private static final int SEATS = 20_000;
    private static final int CONNECTIONS = 32;
    private static final int EVENTS_PER_SECOND = Integer.getInteger("onsale.bench.lag-events-per-s", 2_000);

    /** With more than 0, only the lag is measured, for so long. */
    private static final int MINUTES = Integer.getInteger("onsale.bench.lag-minutes", 0);

    /** With more than 0, only the publisher is measured, with about so many events. */
    private static final int BACKLOG = Integer.getInteger("onsale.bench.backlog-events", 0);

    private static final String PUBLISHER = "kafka-publisher";
    private static final double PUBLISHED_PER_SECOND_MIN = 5_000;
    private static final int FIRST_WATCHED_SEAT = 2_001;

    /** The lag of the second half of a long run by that of the first. */
    private static final double GROWTH_MAX = 1.5;

    private static final double LAG_P99_MS_MAX = 100;
    private static final double RATIO_MIN = 0.4;

    private static final Duration LAG_WARM_UP = Duration.ofSeconds(10);
    private static final Duration LAG_MEASURED = Duration.ofSeconds(15);

    private final ConfigurableApplicationContext onsale;
    private final CommandGateway commands;
    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();
    private final PerformanceId performance = new PerformanceId(Ids.timeOrdered());

    private final LagMeasurement measurement;

    private ReadsBench(ConfigurableApplicationContext onsale) {
        this.onsale = onsale;
        this.commands = onsale.getBean(CommandGateway.class);
        this.measurement = new LagMeasurement(onsale, performance, FIRST_WATCHED_SEAT, SEATS - FIRST_WATCHED_SEAT);
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
            ReadsBench bench = new ReadsBench(server.context());
            pass = MINUTES > 0 ? bench.runLong() : BACKLOG > 0 ? bench.runPublisher() : bench.run();
        }
        System.exit(pass ? 0 : 1);
    }

    private boolean run() throws Exception {
        schedule();
        for (int first = 1; first < 2_000; first += LagMeasurement.SEATS_AT_ONCE) {
            measurement
                    .hold(first, BuyerId.of("early-" + first), ReservationId.next())
                    .get(30, TimeUnit.SECONDS);
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

    private boolean report(int bytes, Load map, Load bare, LagMeasurement.Lag lag) {
        double ratio = map.perSecond() / bare.perSecond();
        double p50 = lag.p50Millis();
        double p99 = lag.p99Millis();
        double writtenPerSecond = lag.eventsPerSecond();
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
                lag.nanos().getTotalCount());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "reads");
        result.put("seatmap_per_s", Math.round(map.perSecond()));
        result.put("seatmap_p99_ms", ResultLine.rounded(map.p99Millis()));
        result.put("static_per_s", Math.round(bare.perSecond()));
        result.put("seatmap_vs_static", ResultLine.rounded(ratio));
        result.put("lag_p50_ms", ResultLine.rounded(p50));
        result.put("lag_p99_ms", ResultLine.rounded(p99));
        result.put("lag_events_per_s", Math.round(writtenPerSecond));
        result.put("lag_reservations", lag.nanos().getTotalCount());
        boolean pass = lag.nanos().getTotalCount() > 0
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
                        LagMeasurement.SEATS_AT_ONCE,
                        Duration.ofMinutes(30),
                        false))
                .get(30, TimeUnit.SECONDS);
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

    private LagMeasurement.Lag lag() throws InterruptedException {
        LagMeasurement.Lag unused = measurement.measure(LAG_WARM_UP, EVENTS_PER_SECOND);
        return measurement.measure(LAG_MEASURED, EVENTS_PER_SECOND);
    }

    /** The lag at a constant rate, minute by minute: it must not grow. */
    private boolean runLong() throws Exception {
        schedule();
        LagMeasurement.Lag unused = measurement.measure(LAG_WARM_UP, EVENTS_PER_SECOND);
        List<LagMeasurement.Lag> minutes = new ArrayList<>();
        for (int minute = 1; minute <= MINUTES; minute++) {
            LagMeasurement.Lag lag = measurement.measure(Duration.ofMinutes(1), EVENTS_PER_SECOND);
            minutes.add(lag);
            System.out.printf(
                    Locale.ROOT,
                    "minute %2d  %,.0f events/s  lag p50 %.1f ms  p99 %.1f ms%n",
                    minute,
                    lag.eventsPerSecond(),
                    lag.p50Millis(),
                    lag.p99Millis());
        }
        double before = medianP50(minutes.subList(0, (minutes.size() + 1) / 2));
        double after = medianP50(minutes.subList(minutes.size() / 2, minutes.size()));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "reads-long");
        result.put("minutes", MINUTES);
        result.put(
                "lag_events_per_s",
                Math.round(minutes.stream()
                        .mapToDouble(LagMeasurement.Lag::eventsPerSecond)
                        .average()
                        .orElseThrow()));
        result.put("lag_p50_ms_first_half", ResultLine.rounded(before));
        result.put("lag_p50_ms_second_half", ResultLine.rounded(after));
        result.put(
                "lag_p99_ms_each",
                minutes.stream().map(lag -> ResultLine.rounded(lag.p99Millis())).toList());
        boolean pass = after <= before * GROWTH_MAX;
        result.put("pass", pass);
        ResultLine.print(System.out, result);
        return pass;
    }

    private static double medianP50(List<LagMeasurement.Lag> minutes) {
        double[] sorted = minutes.stream()
                .mapToDouble(LagMeasurement.Lag::p50Millis)
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }

    /** How fast one publisher brings a backlog to Kafka. */
    private boolean runPublisher() throws Exception {
        schedule();
        StreamingEventProcessor publisher = onsale.getBean(EventProcessingConfiguration.class)
                .eventProcessor(PUBLISHER, StreamingEventProcessor.class)
                .orElseThrow();
        LagMeasurement.Lag unused = measurement.measure(LAG_WARM_UP, EVENTS_PER_SECOND);
        awaitPublished(publisher);
        publisher.shutDown();
        long from = onsale.getBean(StoredEvents.class).head();
        measurement.write(BACKLOG);
        long events = onsale.getBean(StoredEvents.class).head() - from;
        long begun = System.nanoTime();
        publisher.start();
        awaitPublished(publisher);
        double perSecond = events * 1e9 / (System.nanoTime() - begun);
        System.out.printf(Locale.ROOT, "one publisher: %,d events at %,.0f /s%n", events, perSecond);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "reads-publisher");
        result.put("events", events);
        result.put("published_per_s", Math.round(perSecond));
        boolean pass = perSecond >= PUBLISHED_PER_SECOND_MIN;
        result.put("pass", pass);
        ResultLine.print(System.out, result);
        return pass;
    }

    private void awaitPublished(StreamingEventProcessor publisher) {
        long head = onsale.getBean(StoredEvents.class).head();
        long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (publisher.processingStatus().isEmpty()
                || publisher.processingStatus().values().stream()
                        .anyMatch(status -> status.getCurrentPosition().orElse(0) < head)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The publisher did not reach position " + head);
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private static Load median(List<Load> loads) {
        return loads.stream()
                .sorted(java.util.Comparator.comparingDouble(Load::perSecond))
                .toList()
                .get(loads.size() / 2);
    }
}
