package dev.onsale.benchmarks.http;

import static dev.onsale.rehearsal.command.ResultLine.median;
import static dev.onsale.rehearsal.command.ResultLine.rounded;

import dev.onsale.api.CampaignId;
import dev.onsale.api.PerformanceId;
import dev.onsale.benchmarks.OnsaleServer;
import dev.onsale.benchmarks.load.Load;
import dev.onsale.benchmarks.load.Load.Identity;
import dev.onsale.rehearsal.client.Deadline;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.command.CommandRunner;
import dev.onsale.rehearsal.command.ResultLine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./onsale bench http}. */
@Command(
        name = "./onsale bench http",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Measure the product over HTTP, with all its followers, against a bare Reactor Netty server that answers with",
            "the same bytes and against a Spring MVC coupon service as a team would build it. Each person has a token of",
            "its own. Medians of several rounds; all measurements of a round run one after the other."
        })
public final class HttpBench implements Callable<Integer> {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration READ_AGAIN = Duration.ofMillis(100);
    private static final int REFUSED_PEOPLE = 5_000;
    private static final int WAITING_PEOPLE = 5_000;
    private static final int SEATS = 20_000;
    private static final int PLENTY = 10_000_000;

    @Option(names = "--rounds", defaultValue = "3", description = "measured rounds, after one that warms up (3)")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "4", description = "length of each measurement (4)")
    private int seconds;

    @Option(names = "--connections", defaultValue = "64", description = "connections of the load generator (64)")
    private int connections;

    @Option(
            names = "--people",
            defaultValue = "15000",
            description = "new people for each measurement, at most (15000)")
    private int people;

    @Option(names = "--server-cores", description = "cores of the servers, as taskset names them (all)")
    private @Nullable String serverCores;

    @Option(names = "--client-cores", description = "cores of the load generator, as taskset names them (all)")
    private @Nullable String clientCores;

    /** What is measured. */
    private enum Kind {
        BARE_REFUSAL,
        REDIS_REFUSAL,
        REFUSAL,
        STOCK_REFUSAL,
        ISSUE,
        STOCK_ISSUE,
        HOLD,
        JOIN,
        REDIS_POLL,
        POLL,
        BARE_MAP,
        MAP,
        CAMPAIGN
    }

    private final Map<Kind, List<Load.Result>> results = new EnumMap<>(Kind.class);
    private final Map<Kind, List<Double>> cpuMicros = new EnumMap<>(Kind.class);
    private final HttpClient http = HttpClient.newHttpClient();
    private int nextPerson = REFUSED_PEOPLE + WAITING_PEOPLE;

    public static void main(String[] arguments) {
        System.exit(CommandRunner.run(new HttpBench(), arguments));
    }

    @Override
    public Integer call() throws Exception {
        try (Topology topology = new Topology(OnsaleServer.folder("http"), serverCores, clientCores);
                OnsaleClient client =
                        new OnsaleClient("http://127.0.0.1:" + topology.productPort(), 4, REQUEST_TIMEOUT)) {
            BenchSale sale = new BenchSale(client, topology.operatorToken());
            CampaignId soldOut = sale.campaign("sold-out", 1);
            PerformanceId queue = sale.performance("queue", 100, true);
            PerformanceId map = sale.performance("map", SEATS, false);
            prepareAnswers(topology, soldOut, queue, map);
            for (int round = 0; round <= rounds; round++) {
                measureRefusals(topology, round, soldOut);
                measureIssues(topology, round, sale.campaign("issue-" + round, PLENTY));
                measureHolds(topology, round, sale.performance("hold-" + round, people, false));
                measureQueue(topology, round, queue);
                measureReads(topology, round, map, soldOut);
            }
        }
        return report() ? CommandRunner.PASS : CommandRunner.FAIL;
    }

    /** The bare server answers with the bytes that the product gives. */
    private void prepareAnswers(Topology topology, CampaignId soldOut, PerformanceId queue, PerformanceId map)
            throws Exception {
        String buyer = topology.buyerToken("first");
        send(topology, "POST", coupons(soldOut), buyer);
        topology.answerOf("refusal", send(topology, "POST", coupons(soldOut), topology.buyerToken("second")));
        send(topology, "POST", visitors(queue), buyer);
        topology.answerOf("poll", send(topology, "GET", visitors(queue) + "/me", buyer));
        topology.answerOf("map", send(topology, "GET", "/api/performances/" + map + "/seat-map", null));
    }

    private byte[] send(Topology topology, String method, String path, @Nullable String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + topology.productPort() + path))
                .timeout(REQUEST_TIMEOUT)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Idempotency-Key", "prepare");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        Deadline deadline = Deadline.in(REQUEST_TIMEOUT);
        HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        // The read model follows the log.
        while (answer.statusCode() == 404 && !deadline.isOver()) {
            deadline.pause(READ_AGAIN);
            answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
        if (answer.statusCode() >= 500 || answer.statusCode() == 404) {
            throw new IllegalStateException(method + " " + path + " was answered " + answer.statusCode());
        }
        return answer.body();
    }

    private void measureRefusals(Topology topology, int round, CampaignId soldOut) throws Exception {
        bare(topology, round, Kind.BARE_REFUSAL, "POST", "/bare/refusal", 409);
        bare(topology, round, Kind.REDIS_REFUSAL, "POST", "/redis/refusal", 409);
        measure(
                topology,
                round,
                Kind.REFUSAL,
                load(topology.productPort(), "POST", coupons(soldOut), 409).people(0, REFUSED_PEOPLE));
        if (round == 0) {
            topology.run(load(topology.stockPort(), "POST", "/api/campaigns/stock-1/coupons", 201, 409)
                    .identity(Identity.BUYER_HEADER)
                    .people(0, REFUSED_PEOPLE)
                    .build());
        }
        measure(
                topology,
                round,
                Kind.STOCK_REFUSAL,
                load(topology.stockPort(), "POST", "/api/campaigns/stock-1/coupons", 409)
                        .identity(Identity.BUYER_HEADER)
                        .people(1, REFUSED_PEOPLE));
    }

    private void measureIssues(Topology topology, int round, CampaignId campaign) throws Exception {
        measure(
                topology,
                round,
                Kind.ISSUE,
                load(topology.productPort(), "POST", coupons(campaign), 201).newPeople());
        measure(
                topology,
                round,
                Kind.STOCK_ISSUE,
                load(topology.stockPort(), "POST", "/api/campaigns/stock-" + round + "-" + PLENTY + "/coupons", 201)
                        .identity(Identity.BUYER_HEADER)
                        .newPeople());
    }

    private void measureHolds(Topology topology, int round, PerformanceId performance) throws Exception {
        measure(
                topology,
                round,
                Kind.HOLD,
                load(topology.productPort(), "POST", "/api/performances/" + performance + "/reservations", 201)
                        .body("{\"seats\":[\"S-{n}\"]}")
                        .newPeople());
    }

    private void measureQueue(Topology topology, int round, PerformanceId queue) throws Exception {
        int first = nextPerson;
        long joined = measure(
                topology,
                round,
                Kind.JOIN,
                load(topology.productPort(), "POST", visitors(queue), 202).newPeople());
        bare(topology, round, Kind.REDIS_POLL, "GET", "/redis/poll", 200);
        // Only who has joined may ask for a place.
        measure(
                topology,
                round,
                Kind.POLL,
                load(topology.productPort(), "GET", visitors(queue) + "/me", 200)
                        .people(first, (int) Math.min(joined, WAITING_PEOPLE)));
    }

    private void measureReads(Topology topology, int round, PerformanceId map, CampaignId campaign) throws Exception {
        bare(topology, round, Kind.BARE_MAP, "GET", "/bare/map", 200);
        measure(
                topology,
                round,
                Kind.MAP,
                load(topology.productPort(), "GET", "/api/performances/" + map + "/seat-map", 200)
                        .identity(Identity.NOBODY));
        measure(
                topology,
                round,
                Kind.CAMPAIGN,
                load(topology.productPort(), "GET", "/api/campaigns/" + campaign, 200)
                        .identity(Identity.NOBODY));
    }

    private void bare(Topology topology, int round, Kind kind, String method, String path, int status)
            throws Exception {
        measure(
                topology,
                round,
                kind,
                load(topology.barePort(), method, path, status).people(0, REFUSED_PEOPLE));
    }

    /** Measures once; round 0 warms up. Returns how many requests were answered. */
    private long measure(Topology topology, int round, Kind kind, LoadBuilder of) throws Exception {
        Duration cpuBefore = topology.product().cpuTime();
        Load.Result result = topology.run(of.build());
        double micros = topology.product().cpuTime().minus(cpuBefore).toNanos() / 1e3 / Math.max(1, result.answers());
        System.err.printf(
                Locale.ROOT,
                "round %d  %-14s %,9.0f/s  p50 %6.1f ms  p99 %6.1f ms  load generator %3.0f %% of a core%n",
                round,
                kind.name().toLowerCase(Locale.ROOT),
                result.perSecond(),
                result.p50Millis(),
                result.p99Millis(),
                100.0 * result.cpuMillis() * result.perSecond() / 1_000 / Math.max(1, result.answers()));
        if (round > 0) {
            results.computeIfAbsent(kind, key -> new ArrayList<>()).add(result);
            cpuMicros.computeIfAbsent(kind, key -> new ArrayList<>()).add(micros);
        }
        return result.answers();
    }

    private static String coupons(CampaignId campaign) {
        return "/api/campaigns/" + campaign + "/coupons";
    }

    private static String visitors(PerformanceId sale) {
        return "/api/waiting-rooms/" + sale + "/visitors";
    }

    private LoadBuilder load(int port, String method, String path, Integer... statuses) {
        return new LoadBuilder(port, method, path, List.of(statuses));
    }

    /** What measurements differ in. */
    private final class LoadBuilder {

        private final int port;
        private final String method;
        private final String path;
        private final List<Integer> statuses;
        private @Nullable String body;
        private Identity identity = Identity.BEARER;
        private int first;
        private int count = 1;
        private long requestsMax = Long.MAX_VALUE;

        LoadBuilder(int port, String method, String path, List<Integer> statuses) {
            this.port = port;
            this.method = method;
            this.path = path;
            this.statuses = statuses;
        }

        LoadBuilder body(String value) {
            body = value;
            return this;
        }

        LoadBuilder identity(Identity value) {
            identity = value;
            return this;
        }

        LoadBuilder people(int from, int number) {
            first = from;
            count = number;
            return this;
        }

        /** Each request is the first one of a person. */
        LoadBuilder newPeople() {
            first = nextPerson;
            count = people;
            requestsMax = people;
            nextPerson += people;
            return this;
        }

        Load build() {
            return new Load(
                    port,
                    method,
                    path,
                    body,
                    identity,
                    first,
                    count,
                    connections,
                    Duration.ofSeconds(seconds).toMillis(),
                    requestsMax,
                    statuses);
        }
    }

    private double perSecond(Kind kind) {
        return median(results.getOrDefault(kind, List.of()).stream()
                .map(Load.Result::perSecond)
                .toList());
    }

    private double p99(Kind kind) {
        return median(results.getOrDefault(kind, List.of()).stream()
                .map(Load.Result::p99Millis)
                .toList());
    }

    private boolean report() {
        System.out.printf("%-14s%12s%10s%10s%12s%n", "request", "per second", "p50 ms", "p99 ms", "CPU µs");
        for (Kind kind : Kind.values()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-14s%,12.0f%10.1f%10.1f%,12.0f%n",
                    kind.name().toLowerCase(Locale.ROOT),
                    perSecond(kind),
                    median(results.getOrDefault(kind, List.of()).stream()
                            .map(Load.Result::p50Millis)
                            .toList()),
                    p99(kind),
                    median(cpuMicros.getOrDefault(kind, List.of())));
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "http");
        double refusalVsNetty = perSecond(Kind.REFUSAL) / perSecond(Kind.REDIS_REFUSAL);
        double pollVsNetty = perSecond(Kind.POLL) / perSecond(Kind.REDIS_POLL);
        double mapVsNetty = perSecond(Kind.MAP) / perSecond(Kind.BARE_MAP);
        double refusalsVsStock = perSecond(Kind.REFUSAL) / perSecond(Kind.STOCK_REFUSAL);
        double issuesVsStock = perSecond(Kind.ISSUE) / perSecond(Kind.STOCK_ISSUE);
        double holdsVsStock = perSecond(Kind.HOLD) / perSecond(Kind.STOCK_ISSUE);
        result.put("refusal_vs_netty", rounded(refusalVsNetty));
        result.put("poll_vs_netty", rounded(pollVsNetty));
        result.put("seatmap_vs_netty", rounded(mapVsNetty));
        result.put("refusals_vs_stock", rounded(refusalsVsStock));
        result.put("issues_vs_stock", rounded(issuesVsStock));
        result.put("holds_vs_stock", rounded(holdsVsStock));
        result.put("issues_per_s", Math.round(perSecond(Kind.ISSUE)));
        result.put("holds_per_s", Math.round(perSecond(Kind.HOLD)));
        result.put("joins_per_s", Math.round(perSecond(Kind.JOIN)));
        result.put("issue_p99_ms", rounded(p99(Kind.ISSUE)));
        result.put("hold_p99_ms", rounded(p99(Kind.HOLD)));
        result.put("cpu_us_per_issue", Math.round(median(cpuMicros.getOrDefault(Kind.ISSUE, List.of()))));
        result.put("cpu_us_per_hold", Math.round(median(cpuMicros.getOrDefault(Kind.HOLD, List.of()))));
        boolean pass = refusalVsNetty >= 0.6
                && pollVsNetty >= 0.6
                && mapVsNetty >= 0.6
                && refusalsVsStock >= 4
                && issuesVsStock >= 1
                && holdsVsStock >= 0.5
                && p99(Kind.ISSUE) < 100
                && p99(Kind.HOLD) < 100;
        result.put("pass", pass);
        ResultLine.print(System.out, result);
        return pass;
    }
}
