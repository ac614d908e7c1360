package dev.onsale.benchmarks.guards;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.benchmarks.OnsaleServer;
import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.rehearsal.command.ResultLine;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * {@code ./onsale bench guards}: compares the three strategies and bare EVALSHA calls in alternating rounds. Reports
 * medians. "At the guard" measures claims of free seats, which are all granted. "To the decision" measures ten buyers
 * per seat, each until the seat is held in the store or refused. The strategy without a guard supports only the latter.
 */
public final class GuardsBench {

    private static final int ROUNDS = Integer.getInteger("onsale.bench.rounds", 3);
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("onsale.bench.warmup-seconds", 2));
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("onsale.bench.seconds", 4));
    private static final int IN_FLIGHT = 1_024;
    private static final int BUYERS_PER_SEAT = 10;

    private GuardsBench() {}

    /** One call. Its result is whether the outcome is as expected. */
    private interface Call {
        CompletionStage<Boolean> begin(long number);
    }

    public static void main(String[] args) throws Exception {
        Path folder = OnsaleServer.folder("guards");
        boolean pass;
        try (EmbeddedServices services =
                EmbeddedServices.start(EmbeddedOptions.in(folder).withFreshData(), GuardsBench::say)) {
            EmbeddedAddresses addresses = services.addresses();
            try (ConfigurableApplicationContext lua = GuardsHost.start(addresses, "lua");
                    ConfigurableApplicationContext lock = GuardsHost.start(addresses, "redisson-lock");
                    ConfigurableApplicationContext optimistic = GuardsHost.start(addresses, "optimistic")) {
                pass = run(lua, new Crowd(lua), new Crowd(lock), new Crowd(optimistic));
            }
        }
        System.exit(pass ? 0 : 1);
    }

    private static boolean run(ConfigurableApplicationContext host, Crowd lua, Crowd lock, Crowd optimistic)
            throws Exception {
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        for (int round = 1; round <= ROUNDS; round++) {
            add(figures, round, "limit", bare(host));
            add(figures, round, "lua", claims(lua));
            add(figures, round, "redisson-lock", claims(lock));
            add(figures, round, "lua to the decision", decisions(lua));
            add(figures, round, "redisson-lock to the decision", decisions(lock));
            add(figures, round, "optimistic to the decision", decisions(optimistic));
        }
        return report(figures);
    }

    private static void say(String line) {
        System.err.println(line);
    }

    private static void add(Map<String, List<Double>> figures, int round, String name, double perSecond) {
        System.err.printf(Locale.ROOT, "round %d  %-30s %,.0f/s%n", round, name, perSecond);
        figures.computeIfAbsent(name, key -> new ArrayList<>()).add(perSecond);
    }

    /** The upper limit: the smallest possible script with one key, over the same client and connection settings. */
    private static double bare(ConfigurableApplicationContext host) throws Exception {
        RedisClient client =
                (RedisClient) host.getBean(LettuceConnectionFactory.class).getRequiredNativeClient();
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisAsyncCommands<String, String> redis = connection.async();
            String digest = redis.scriptLoad("return 1").get(10, TimeUnit.SECONDS);
            String[] keys = {"onsale:{bench}:bare"};
            return closedLoop("bare", number -> redis.<Long>evalsha(digest, ScriptOutputType.INTEGER, keys)
                    .thenApply(one -> one == 1));
        }
    }

    private static double claims(Crowd crowd) throws Exception {
        PerformanceId sale = crowd.onSale();
        Instant begun = Instant.now();
        return closedLoop("claims", number -> crowd.claim(sale, ReservationId.next(), number, begun));
    }

    private static double decisions(Crowd crowd) throws Exception {
        PerformanceId warm = crowd.onSale();
        PerformanceId sale = crowd.onSale();
        long buyers = (long) Crowd.SEATS * BUYERS_PER_SEAT;
        run("warm-up", WARM_UP, buyers, number -> crowd.decide(warm, ReservationId.next(), number, BUYERS_PER_SEAT));
        long before = crowd.winners();
        long busyBefore = crowd.busy();
        Measured measured = run(
                "decisions",
                MEASURED,
                buyers,
                number -> crowd.decide(sale, ReservationId.next(), number, BUYERS_PER_SEAT));
        if (crowd.busy() > busyBefore) {
            say("         retries because a seat was busy: " + (crowd.busy() - busyBefore) + " for " + measured.calls()
                    + " decisions");
        }
        long winners = crowd.winners() - before;
        long seats = (measured.calls() + BUYERS_PER_SEAT - 1) / BUYERS_PER_SEAT;
        if (winners != seats) {
            throw new IllegalStateException(winners + " winners of " + seats + " seats");
        }
        return measured.perSecond();
    }

    private static double closedLoop(String name, Call call) throws InterruptedException {
        run(name, WARM_UP, Long.MAX_VALUE, call);
        // The numbers continue beyond those of the warm-up. The measured claims meet lapsed claims, as most claims do.
        return run(name, MEASURED, Long.MAX_VALUE, number -> call.begin(number + Integer.MAX_VALUE))
                .perSecond();
    }

    private record Measured(long calls, double perSecond) {}

    private static Measured run(String name, Duration lasts, long callsMax, Call call) throws InterruptedException {
        LongAdder wrong = new LongAdder();
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        long begun = System.nanoTime();
        long end = begun + lasts.toNanos();
        long calls = 0;
        while (System.nanoTime() < end && calls < callsMax) {
            if (!inFlight.tryAcquire(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " had no response for 30 s");
            }
            var unused = call.begin(calls++).whenComplete((right, failure) -> {
                if (failure != null || !right) {
                    wrong.increment();
                }
                inFlight.release();
            });
        }
        if (!inFlight.tryAcquire(IN_FLIGHT, 60, TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " did not get a response to every call");
        }
        if (wrong.sum() > 0) {
            throw new IllegalStateException(
                    wrong.sum() + " of " + calls + " calls of " + name + " had an unexpected outcome");
        }
        return new Measured(calls, calls * 1e9 / (System.nanoTime() - begun));
    }

    private static boolean report(Map<String, List<Double>> figures) throws Exception {
        Map<String, Double> medians = new LinkedHashMap<>();
        figures.forEach((name, values) -> medians.put(name, ResultLine.median(values)));
        medians.forEach((name, perSecond) -> System.out.printf(Locale.ROOT, "%-30s %,10.0f/s%n", name, perSecond));
        double lua = of(medians, "lua");
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "guards");
        result.put("lua_vs_limit", ResultLine.rounded(lua / of(medians, "limit")));
        result.put("lua_vs_lock", ResultLine.rounded(lua / of(medians, "redisson-lock")));
        result.put(
                "lua_vs_optimistic",
                ResultLine.rounded(of(medians, "lua to the decision") / of(medians, "optimistic to the decision")));
        result.put(
                "lua_vs_lock_decided",
                ResultLine.rounded(of(medians, "lua to the decision") / of(medians, "redisson-lock to the decision")));
        medians.forEach((name, perSecond) ->
                result.put(name.replace(' ', '_').replace('-', '_') + "_per_s", Math.round(perSecond)));
        boolean pass = lua >= of(medians, "limit") * 0.4 && lua >= 3 * of(medians, "redisson-lock");
        result.put("pass", pass);
        ResultLine.print(System.out, result);
        return pass;
    }

    private static double of(Map<String, Double> medians, String name) {
        Double value = medians.get(name);
        if (value == null) {
            throw new IllegalStateException("Not measured: " + name);
        }
        return value;
    }
}
