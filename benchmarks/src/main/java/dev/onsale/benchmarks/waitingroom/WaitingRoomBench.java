package dev.onsale.benchmarks.waitingroom;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.onsale.api.BuyerId;
import dev.onsale.benchmarks.OnsaleServer;
import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.rehearsal.command.ResultLine;
import dev.onsale.waitingroom.queue.VisitorStatus;
import dev.onsale.waitingroom.redis.RoomScripts;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ./onsale bench waiting-room}: 200,000 visitors join and poll over HTTP. A poll is compared in the process with
 * a bare ZRANK and HGET, and over HTTP with a bare response, in alternating rounds. Reports medians. Then polls are
 * measured with 1,000 to 1,000,000 visitors waiting. Closed loops; client and server on one machine.
 */
public final class WaitingRoomBench {

    private static final int ROUNDS = Integer.getInteger("onsale.bench.rounds", 3);
    private static final int PEOPLE = Integer.getInteger("onsale.bench.people", 200_000);
    private static final int QUESTIONS = Integer.getInteger("onsale.bench.questions", 40_000);
    private static final int REDIS_QUESTIONS = QUESTIONS * 5;
    private static final int IN_FLIGHT = 128;
    private static final int REDIS_IN_FLIGHT = 512;
    private static final int ADMIT_PER_SECOND = 5_000;
    private static final int ADMISSION_BATCH = 1_000;
    private static final int ADMISSION_ROUNDS = 100;
    private static final int TRIES_MAX = 50;
    private static final Duration AGAIN = Duration.ofMillis(200);
    private static final Duration PACED = Duration.ofSeconds(5);
    private static final int FILL_BATCH = 1_000;
    private static final double S3_REQUESTS_PER_SECOND = 14_633;
    private static final Pattern OF_OTHER_SIDES =
            Pattern.compile("^(org\\.axonframework|com\\.github\\.kagkarlsson)\\.|\\.hibernate\\.|\\.data\\.jpa\\.");
    private static final String SALE = "bench";
    private static final Duration BOUND = Duration.ofMinutes(5);

    private final JsonMapper json = JsonMapper.builder().build();
    private final StatefulRedisConnection<String, String> redis;
    private final VisitorStatus places;
    private final HttpClient http;
    private final String operator = token("operator", List.of("operator"));
    private final List<String> tokens = new ArrayList<>();
    private final LongAdder unavailable = new LongAdder();
    private final Map<String, Object> result = new LinkedHashMap<>();

    private WaitingRoomBench(StatefulRedisConnection<String, String> redis, VisitorStatus places, int port) {
        this.redis = redis;
        this.places = places;
        this.http =
                HttpClient.create(ConnectionProvider.create("bench", IN_FLIGHT)).baseUrl("http://127.0.0.1:" + port);
    }

    public static void main(String[] args) throws Exception {
        Path folder = OnsaleServer.folder("waiting-room");
        EmbeddedOptions options = EmbeddedOptions.in(folder).withFreshData();
        boolean pass;
        try (EmbeddedServices services = EmbeddedServices.start(options, WaitingRoomBench::say)) {
            EmbeddedAddresses addresses = services.addresses();
            RedisClient client = RedisClient.create("redis://" + addresses.redisHost() + ":" + addresses.redisPort());
            try (ConfigurableApplicationContext context = server(addresses);
                    StatefulRedisConnection<String, String> redis = client.connect()) {
                int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
                pass = new WaitingRoomBench(redis, context.getBean(VisitorStatus.class), port).run();
            } finally {
                client.shutdown();
            }
        }
        System.exit(pass ? 0 : 1);
    }

    private static ConfigurableApplicationContext server(EmbeddedAddresses addresses) {
        List<String> settings = new ArrayList<>(addresses.springArguments());
        settings.addAll(List.of(
                "--server.port=0",
                "--spring.main.banner-mode=off",
                // The class path also has the settings of the whole application.
                "--spring.config.name=bench-waiting-room",
                "--spring.flyway.locations=classpath:db/migration/waiting-room",
                "--spring.autoconfigure.exclude=" + notOfTheWaitingRoom(),
                "--onsale.waiting-room.follow-reservations=false",
                // The visitors that are inserted directly into the queue never poll.
                "--onsale.waiting-room.silence=PT1H",
                "--onsale.waiting-room.sweep-every=PT1H"));
        return new SpringApplicationBuilder(WaitingRoomServer.class)
                .web(WebApplicationType.REACTIVE)
                .run(settings.toArray(String[]::new));
    }

    /**
     * Auto-configurations to exclude: the class path has all modules, and the waiting room does not need the others.
     */
    private static String notOfTheWaitingRoom() {
        return ImportCandidates.load(AutoConfiguration.class, WaitingRoomBench.class.getClassLoader())
                .getCandidates()
                .stream()
                .filter(name -> OF_OTHER_SIDES.matcher(name).find())
                .collect(Collectors.joining(","));
    }

    private static void say(String line) {
        System.err.println(line);
    }

    private boolean run() throws Exception {
        for (int person = 0; person < PEOPLE; person++) {
            tokens.add(token("person-" + person, List.of()));
        }
        admin(HttpMethod.POST, "", "{\"activeLimit\":1000000,\"admitPerSecond\":" + ADMIT_PER_SECOND + "}");
        admin(HttpMethod.POST, "/pause", null);
        long emptyBytes = usedBytes();
        Measured joins = closedLoop(PEOPLE, IN_FLIGHT, person -> join(tokens.get(person)));
        say("joined: " + joins);
        journalIsWritten();
        double bytes = (double) (usedBytes() - emptyBytes) / PEOPLE;
        result.put("name", "waiting-room");
        result.put("people", PEOPLE);
        put("joins", joins);
        result.put("bytes_per_visitor", ResultLine.rounded(bytes));
        pollTraffic();
        turns();
        admissions();
        lengths();
        return report();
    }

    private void turns() {
        List<Double> pair = new ArrayList<>();
        List<Double> within = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        List<Measured> polls = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            Measured pairs = closedLoop(REDIS_QUESTIONS, REDIS_IN_FLIGHT, i -> barePair(anybody(PEOPLE)));
            Measured inProcess = closedLoop(
                    REDIS_QUESTIONS,
                    REDIS_IN_FLIGHT,
                    i -> places.position(SALE, BuyerId.of("person-" + anybody(PEOPLE))));
            Measured bareHttp = closedLoop(QUESTIONS, IN_FLIGHT, i -> get("/bare", tokens.get(anybody(PEOPLE))));
            Measured poll = closedLoop(QUESTIONS, IN_FLIGHT, i -> poll(tokens.get(anybody(PEOPLE))));
            System.err.printf(
                    Locale.ROOT,
                    "round %d  bare pair %,.0f/s  poll in process %,.0f/s  bare HTTP %,.0f/s  poll over HTTP %,.0f/s%n",
                    round,
                    pairs.perSecond(),
                    inProcess.perSecond(),
                    bareHttp.perSecond(),
                    poll.perSecond());
            // The first round is the warm-up.
            if (round > 0) {
                pair.add(pairs.perSecond());
                within.add(inProcess.perSecond());
                bare.add(bareHttp.perSecond());
                polls.add(poll);
            }
        }
        double pollsPerSecond =
                ResultLine.median(polls.stream().map(Measured::perSecond).toList());
        result.put("polls_per_s", Math.round(pollsPerSecond));
        result.put(
                "polls_p50_ms",
                ResultLine.rounded(ResultLine.median(
                        polls.stream().map(Measured::p50Millis).toList())));
        result.put(
                "polls_p99_ms",
                ResultLine.rounded(ResultLine.median(
                        polls.stream().map(Measured::p99Millis).toList())));
        result.put("bare_pairs_per_s", Math.round(ResultLine.median(pair)));
        result.put("polls_in_process_per_s", Math.round(ResultLine.median(within)));
        result.put("bare_http_per_s", Math.round(ResultLine.median(bare)));
        result.put("poll_vs_redis", ResultLine.rounded(ResultLine.median(within) / ResultLine.median(pair)));
        result.put("poll_vs_http", ResultLine.rounded(pollsPerSecond / ResultLine.median(bare)));
        result.put("http_poll_vs_redis", ResultLine.rounded(pollsPerSecond / ResultLine.median(pair)));
    }

    /** Computes the traffic of all waiting visitors from the longest poll interval in the responses. */
    private void pollTraffic() {
        int step = Math.max(1, PEOPLE / 20_000);
        double perSecond = 0;
        List<JsonNode> answers = Flux.range(0, PEOPLE / step)
                .flatMap(i -> poll(tokens.get(i * step)).map(json::readTree), IN_FLIGHT)
                .collectList()
                .block(BOUND);
        for (JsonNode answer : answers == null ? List.<JsonNode>of() : answers) {
            perSecond += step * 1_000.0 / answer.path("pollAfterMillis").asLong();
        }
        result.put("poll_traffic_per_s", Math.round(perSecond));
    }

    /** Measures first the leader at the highest rate of a room, then the script alone without a rate limit. */
    private void admissions() {
        admin(HttpMethod.POST, "/resume", null);
        // Starts in the middle of a second, because the leader refills the allowance at the start of each second.
        Mono.delay(Duration.ofMillis(1_500 - System.currentTimeMillis() % 1_000))
                .block(BOUND);
        long before = admittedTotal();
        long begun = System.nanoTime();
        Mono.delay(PACED).block(BOUND);
        long admitted = admittedTotal() - before;
        double perSecond = admitted * 1e9 / (System.nanoTime() - begun);
        admin(HttpMethod.POST, "/pause", null);
        result.put("admissions_paced_per_s", Math.round(perSecond));
        result.put("admissions_paced_per_s_set", ADMIT_PER_SECOND);

        Histogram rounds = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
        long total = 0;
        long now = System.currentTimeMillis();
        LuaScript<ScriptReply> admit = RoomScripts.withFunctions("admit");
        long scriptsBegun = System.nanoTime();
        for (int round = 0; round < ADMISSION_ROUNDS; round++) {
            long asked = System.nanoTime();
            total += admitted(admit, now + round * 1_000L);
            rounds.recordValue(System.nanoTime() - asked);
        }
        result.put("admissions_per_s", Math.round(total * 1e9 / (System.nanoTime() - scriptsBegun)));
        result.put("admission_round_of", ADMISSION_BATCH);
        result.put("admission_round_p50_ms", ResultLine.rounded(rounds.getValueAtPercentile(50) / 1e6));
        result.put("admission_round_p99_ms", ResultLine.rounded(rounds.getValueAtPercentile(99) / 1e6));
        journalIsWritten();
    }

    /** Runs the script once, in a transaction that hides the open room from the leader. */
    private long admitted(LuaScript<ScriptReply> admit, long now) {
        var commands = redis.sync();
        String[] keys = Stream.of(
                        "room", "queue", "seen", "active", "admitted", "entered", "journal", "gone:", "sequence")
                .map(WaitingRoomBench::key)
                .toArray(String[]::new);
        commands.multi();
        commands.hset(key("room"), "control", "OPEN");
        commands.eval(
                admit.source(),
                ScriptOutputType.MULTI,
                keys,
                Long.toString(now),
                "9000000000000",
                "bench",
                Long.toString(Duration.ofHours(1).toMillis()),
                Integer.toString(ADMISSION_BATCH));
        commands.hset(key("room"), "control", "PAUSED");
        List<?> answer = commands.exec().get(1);
        if (!"OK".equals(answer.get(0))) {
            throw new IllegalStateException("The room does not admit: " + answer);
        }
        return (long) answer.get(1);
    }

    private void lengths() {
        Map<Integer, List<Double>> within = new LinkedHashMap<>();
        List<Integer> lengths = List.of(1_000, 10_000, 100_000, 1_000_000);
        for (int round = 0; round < ROUNDS; round++) {
            for (int length : lengths) {
                fill(length);
                Measured polls = closedLoop(
                        REDIS_QUESTIONS,
                        REDIS_IN_FLIGHT,
                        i -> places.position(SALE, BuyerId.of("person-" + anybody(length))));
                within.computeIfAbsent(length, key -> new ArrayList<>()).add(polls.perSecond());
                System.err.printf(Locale.ROOT, "%,d waiting: %,.0f polls/s in process%n", length, polls.perSecond());
            }
        }
        Map<String, Object> byLength = new LinkedHashMap<>();
        within.forEach((length, rates) ->
                byLength.put(Integer.toString(length), ResultLine.rounded(1e6 / ResultLine.median(rates))));
        result.put("poll_micros_by_waiting", byLength);
        result.put(
                "poll_cost_1m_vs_1k",
                ResultLine.rounded(ResultLine.median(within.getOrDefault(1_000, List.of()))
                        / ResultLine.median(within.getOrDefault(1_000_000, List.of()))));
    }

    /** Inserts visitors directly into the queue. For polls it makes no difference how they joined. */
    private void fill(int length) {
        String queue = key("queue");
        redis.sync().del(queue, key("seen"));
        for (int from = 0; from < length; from += FILL_BATCH) {
            Object[] members = new Object[2 * FILL_BATCH];
            for (int i = 0; i < FILL_BATCH; i++) {
                members[2 * i] = (double) (from + i + 1);
                members[2 * i + 1] = "person-" + (from + i);
            }
            redis.sync().zadd(queue, members);
        }
        redis.sync().setrange(key("seen"), 4L * length, "end!");
    }

    private Mono<Boolean> barePair(int person) {
        String member = "person-" + person;
        var commands = redis.async();
        return Mono.fromFuture(() -> commands.zrank(key("queue"), member)
                .toCompletableFuture()
                .thenCombine(commands.hget(key("room"), "phase").toCompletableFuture(), (rank, phase) -> true));
    }

    private static String key(String part) {
        return "onsale:waiting-room:{" + SALE + "}:" + part;
    }

    private Mono<String> join(String token) {
        return request(HttpMethod.POST, "/api/waiting-rooms/" + SALE + "/visitors", token, null);
    }

    private Mono<String> poll(String token) {
        return get("/api/waiting-rooms/" + SALE + "/visitors/me", token);
    }

    private Mono<String> get(String path, String token) {
        return request(HttpMethod.GET, path, token, null);
    }

    private JsonNode admin(HttpMethod method, String path, @org.jspecify.annotations.Nullable String body) {
        String answer = request(method, "/api/admin/waiting-rooms/" + SALE + path, operator, body)
                .block(BOUND);
        return json.readTree(answer == null ? "{}" : answer);
    }

    private long admittedTotal() {
        String total = redis.sync().hget(key("room"), "admittedTotal");
        return total == null ? 0 : Long.parseLong(total);
    }

    private void journalIsWritten() {
        Flux.interval(Duration.ofMillis(100))
                .takeUntil(tick -> redis.sync().xlen(key("journal")) == 0)
                .then()
                .block(BOUND);
    }

    private long usedBytes() {
        return redis.sync()
                .info("memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring("used_memory:".length()).trim()))
                .sum();
    }

    private Mono<String> request(
            HttpMethod method, String path, String token, @org.jspecify.annotations.Nullable String body) {
        return http.headers(headers -> {
                    headers.set("Authorization", "Bearer " + token);
                    if (body != null) {
                        headers.set("Content-Type", "application/json");
                    }
                })
                .request(method)
                .uri(path)
                .send(
                        body == null
                                ? Mono.empty()
                                : Mono.fromSupplier(() -> Unpooled.copiedBuffer(body, StandardCharsets.UTF_8)))
                .responseSingle((response, content) -> content.asString()
                        .defaultIfEmpty("")
                        .map(text -> {
                            if (response.status().code() == 503) {
                                unavailable.increment();
                                throw new Unavailable(text);
                            }
                            if (response.status().code() >= 300) {
                                throw new IllegalStateException(
                                        response.status() + " to " + method + " " + path + ": " + text);
                            }
                            return text;
                        }))
                .retryWhen(Retry.fixedDelay(TRIES_MAX, AGAIN).filter(Unavailable.class::isInstance));
    }

    /** The response that tells clients to retry. */
    private static final class Unavailable extends IllegalStateException {
        Unavailable(String answer) {
            super(answer);
        }
    }

    private record Measured(double perSecond, double p50Millis, double p99Millis) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%,.0f/s, p50 %.2f ms, p99 %.2f ms", perSecond, p50Millis, p99Millis);
        }
    }

    private static Measured closedLoop(int count, int inFlight, IntFunction<Mono<?>> question) {
        Histogram latency = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(60), 3);
        long begun = System.nanoTime();
        Flux.range(0, count)
                .flatMap(
                        i -> Mono.defer(() -> {
                            long asked = System.nanoTime();
                            return question.apply(i)
                                    .doOnNext(answer -> latency.recordValue(System.nanoTime() - asked))
                                    .then();
                        }),
                        inFlight)
                .then()
                .block(BOUND);
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new Measured(
                count / seconds, latency.getValueAtPercentile(50) / 1e6, latency.getValueAtPercentile(99) / 1e6);
    }

    private void put(String name, Measured measured) {
        result.put(name + "_per_s", Math.round(measured.perSecond()));
        result.put(name + "_p50_ms", ResultLine.rounded(measured.p50Millis()));
        result.put(name + "_p99_ms", ResultLine.rounded(measured.p99Millis()));
    }

    private boolean report() {
        boolean pass = number("poll_cost_1m_vs_1k") <= 1.5 && number("poll_traffic_per_s") <= S3_REQUESTS_PER_SECOND;
        result.put("answers_503", unavailable.sum());
        result.put("pass", pass);
        result.forEach((key, value) -> System.out.printf(Locale.ROOT, "  %-26s %s%n", key, value));
        ResultLine.print(System.out, result);
        return pass;
    }

    private double number(String key) {
        return result.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static int anybody(int of) {
        return ThreadLocalRandom.current().nextInt(of);
    }

    private static String token(String subject, List<String> roles) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader(JWSAlgorithm.HS256),
                    new JWTClaimsSet.Builder()
                            .subject(subject)
                            .claim("roles", roles)
                            .build());
            token.sign(new MACSigner(WaitingRoomServer.LOGINS));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("A token of the benchmark could not be signed", e);
        }
    }
}
