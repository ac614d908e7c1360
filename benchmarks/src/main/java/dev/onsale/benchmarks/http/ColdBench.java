package dev.onsale.benchmarks.http;

import static dev.onsale.rehearsal.command.ResultLine.median;
import static dev.onsale.rehearsal.command.ResultLine.rounded;

import com.nimbusds.jose.jwk.RSAKey;
import dev.onsale.api.CampaignId;
import dev.onsale.api.PerformanceId;
import dev.onsale.benchmarks.OnsaleServer;
import dev.onsale.benchmarks.load.Load;
import dev.onsale.benchmarks.load.LoadGenerator;
import dev.onsale.benchmarks.load.PersonTokens;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.command.ChildProcess;
import dev.onsale.rehearsal.command.CommandRunner;
import dev.onsale.rehearsal.command.ResultLine;
import dev.onsale.rehearsal.command.ServerCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** {@code ./onsale bench cold}. */
@Command(
        name = "./onsale bench cold",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Start the product several times, with fresh data and again with the same data, measure the time until it is",
            "ready, and then let many buyers claim a coupon and hold a seat at once: the first requests that the server",
            "answers. Medians of the rounds."
        })
public final class ColdBench implements Callable<Integer> {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern PORT = Pattern.compile("Onsale is ready: http://127\\.0\\.0\\.1:(\\d+)");
    private static final int WARM_UP_MILLIS = 4_000;
    private static final int WARM_UP_CONNECTIONS = 64;
    private static final int COLD_P99_MAX_MILLIS = 500;
    private static final int READY_WARM_MAX_SECONDS = 6;
    private static final int READY_FRESH_MAX_SECONDS = 15;

    @Option(names = "--rounds", defaultValue = "5", description = "fresh starts (5)")
    private int rounds;

    @Option(
            names = "--buyers",
            defaultValue = "1000",
            description = "buyers at once, each on its own connection (1000)")
    private int buyers;

    private final List<Double> readyFresh = new ArrayList<>();
    private final List<Double> readyWarm = new ArrayList<>();
    private final List<Load.Result> coupons = new ArrayList<>();
    private final List<Load.Result> holds = new ArrayList<>();
    private final Path folder = OnsaleServer.folder("cold");
    private final Path data = folder.resolve("data");
    private final Path key = folder.resolve("development-key.json");
    private int nextPerson;

    public static void main(String[] arguments) {
        System.exit(CommandRunner.run(new ColdBench(), arguments));
    }

    @Override
    public Integer call() throws Exception {
        FileSystemUtils.deleteRecursively(folder);
        Files.createDirectories(data);
        // The first start makes the key that signs the tokens of all rounds.
        start().stop();
        Files.copy(data.resolve(key.getFileName()), key);
        try (LoadGenerator load = LoadGenerator.start(List.of(), key)) {
            warmUp(load);
            for (int round = 1; round <= rounds; round++) {
                measure(load, round);
            }
        }
        return report() ? CommandRunner.PASS : CommandRunner.FAIL;
    }

    private ChildProcess start() throws NotDoneException, InterruptedException {
        List<String> settings = List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--onsale.standalone.data=" + data,
                "--onsale.standalone.development-tokens.enabled=true",
                "--onsale.standalone.demo=false");
        return ChildProcess.start(
                "Onsale", ServerCommand.of(settings), line -> PORT.matcher(line).find(), null);
    }

    /** The load generator's own first requests must not be measured. */
    private void warmUp(LoadGenerator load) throws IOException {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> response.status(201).sendString(Mono.just("{}")))
                .bindNow();
        try {
            load.run(new Load(
                    server.port(),
                    "POST",
                    "/",
                    "{\"seats\":[\"S-{n}\"]}",
                    Load.Identity.BEARER,
                    0,
                    buyers,
                    WARM_UP_CONNECTIONS,
                    WARM_UP_MILLIS,
                    Long.MAX_VALUE,
                    List.of(201)));
        } finally {
            server.disposeNow();
        }
    }

    private void measure(LoadGenerator load, int round) throws Exception {
        FileSystemUtils.deleteRecursively(data);
        Files.createDirectories(data);
        Files.copy(key, data.resolve(key.getFileName()));
        long fresh = System.nanoTime();
        ChildProcess server = start();
        readyFresh.add(secondsSince(fresh));
        server.stop();
        long warm = System.nanoTime();
        server = start();
        readyWarm.add(secondsSince(warm));
        long ready = System.nanoTime();
        int port = Integer.parseInt(PORT.matcher(server.readyLine())
                .results()
                .findFirst()
                .orElseThrow()
                .group(1));
        try (OnsaleClient client = new OnsaleClient("http://127.0.0.1:" + port, 1, REQUEST_TIMEOUT)) {
            String operator =
                    new PersonTokens(RSAKey.parse(Files.readString(key))).sign("operator", List.of("operator"));
            BenchSale sale = new BenchSale(client, operator);
            CampaignId campaign = sale.campaign("cold-" + round, buyers);
            PerformanceId performance = sale.performance("cold-" + round, buyers, false);
            coupons.add(load.run(stampede(port, "/api/campaigns/" + campaign + "/coupons", null)));
            holds.add(load.run(
                    stampede(port, "/api/performances/" + performance + "/reservations", "{\"seats\":[\"S-{n}\"]}")));
        } finally {
            server.stop();
        }
        System.err.printf(
                Locale.ROOT,
                "round %d  ready after %.1f s with fresh data, %.1f s with data; coupon p99 %.0f ms, hold p99 %.0f ms, all"
                        + " within %.1f s%n",
                round,
                readyFresh.getLast(),
                readyWarm.getLast(),
                coupons.getLast().p99Millis(),
                holds.getLast().p99Millis(),
                secondsSince(ready));
    }

    /** Every buyer sends one request on a connection of its own, all at the same time. */
    private Load stampede(int port, String path, @Nullable String body) {
        int first = nextPerson;
        nextPerson += buyers;
        return new Load(
                port,
                "POST",
                path,
                body,
                Load.Identity.BEARER,
                first,
                buyers,
                buyers,
                REQUEST_TIMEOUT.toMillis(),
                buyers,
                List.of(201));
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private boolean report() {
        double hold = median(holds.stream().map(Load.Result::p99Millis).toList());
        double coupon = median(coupons.stream().map(Load.Result::p99Millis).toList());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "cold");
        result.put("ready_fresh_s", rounded(median(readyFresh)));
        result.put("ready_warm_s", rounded(median(readyWarm)));
        result.put(
                "cold_coupon_p50_ms",
                rounded(median(coupons.stream().map(Load.Result::p50Millis).toList())));
        result.put("cold_coupon_p99_ms", rounded(coupon));
        result.put(
                "cold_hold_p50_ms",
                rounded(median(holds.stream().map(Load.Result::p50Millis).toList())));
        result.put("cold_hold_p99_ms", rounded(hold));
        boolean pass = coupon < COLD_P99_MAX_MILLIS
                && hold < COLD_P99_MAX_MILLIS
                && median(readyWarm) <= READY_WARM_MAX_SECONDS
                && median(readyFresh) <= READY_FRESH_MAX_SECONDS;
        result.put("pass", pass);
        ResultLine.print(System.out, result);
        return pass;
    }
}
