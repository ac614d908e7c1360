package dev.onsale.waitingroom;

import dev.onsale.api.BuyerId;
import dev.onsale.waitingroom.admission.AdmissionRound;
import dev.onsale.waitingroom.admission.AdmissionRound.Round;
import dev.onsale.waitingroom.admission.EntryService;
import dev.onsale.waitingroom.draw.OpeningDraw;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.Heartbeats;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorAnswer;
import dev.onsale.waitingroom.queue.VisitorService;
import dev.onsale.waitingroom.recovery.JournalWriter;
import dev.onsale.waitingroom.recovery.RoomRestorer;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.room.Autopilot;
import dev.onsale.waitingroom.room.RoomDirectory;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.RoomStateCache;
import dev.onsale.waitingroom.room.RoomStatus;
import dev.onsale.waitingroom.room.RoomStore;
import dev.onsale.waitingroom.room.Rooms;
import dev.onsale.waitingroom.room.SalesLoad;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
import dev.onsale.waitingroom.task.RoomFailures;
import dev.onsale.waitingroom.token.AdmissionTokens;
import dev.onsale.waitingroom.token.EntryStore;
import dev.onsale.waitingroom.token.StoredAdmissionKeys;
import io.lettuce.core.BitFieldArgs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.ZSetOperations;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** One room of a sale of its own in a real Redis, with a clock that is moved by hand and no loop that admits by itself. */
public final class RoomFixture implements AutoCloseable {

    public static final Duration BOUND = Duration.ofMinutes(1);
    public static final BuyerId ALICE = BuyerId.of("alice");
    public static final BuyerId BOB = BuyerId.of("bob");
    public static final BuyerId CAROL = BuyerId.of("carol");
    public static final long FENCE = 1;

    /** Loops of application contexts admit in every room of database 0. */
    private static final int DATABASE = 1;

    public static final JsonMapper JSON = JsonMapper.builder().build();

    public final HandMovedClock clock = new HandMovedClock();
    public final SaleId sale = SaleId.of("sale-" + UUID.randomUUID());
    public final RoomKeys keys = new RoomKeys(sale);
    public final LettuceConnectionFactory connections;
    public final StringRedisTemplate raw;
    public final WaitingRoomProperties properties = properties(100_000, 1_000);
    public final RedisScripts redis;
    public final AdmissionTokens tokens = new AdmissionTokens(StoredAdmissionKeys.inMemory(), clock);
    public final JdbcTemplate jdbc = Database.jdbc();
    public final RoomStore store = new RoomStore(jdbc, JSON, clock);
    public final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    public final RoomFailures failures = new RoomFailures(metrics);
    public final RoomDirectory directory = new RoomDirectory(store, failures);
    public final EntryStore entryStore = new EntryStore(jdbc, clock);
    public final Journal journal = new Journal(jdbc, new DataSourceTransactionManager(Database.source()));
    public final JournalWriter writer;
    public final RoomRestorer restorer;
    public final OpeningDraw opening;
    public final RoomStateCache watch;
    public final Autopilot autopilot;
    public final Rooms rooms;
    public final VisitorService visitors;
    public final AdmissionRound counter;
    public final EntryService entries;

    public RoomFixture() {
        connections = connectAgain();
        raw = new StringRedisTemplate(connections);
        redis = new RedisScripts(connections, Duration.ofSeconds(10));
        watch = new RoomStateCache(redis, directory, clock);
        writer = new JournalWriter(redis, journal);
        restorer = new RoomRestorer(redis, store, directory, journal, entryStore, clock);
        opening = new OpeningDraw(redis, store, journal, clock);
        autopilot = new Autopilot(new StaticListableBeanFactory().getBeanProvider(SalesLoad.class), properties, clock);
        rooms = new Rooms(store, directory, watch, restorer, autopilot, redis, clock);
        visitors = visitorsOf(properties);
        counter = counterAt(clock);
        entries = new EntryService(redis, tokens, entryStore, visitors, watch, clock);
    }

    public static RoomSettings settings(
            @Nullable Integer activeLimit,
            @Nullable Integer admitPerSecond,
            @Nullable Integer activeSeconds,
            @Nullable Integer tokenSeconds) {
        return new RoomSettings(
                activeLimit,
                admitPerSecond,
                activeSeconds,
                tokenSeconds,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    public static RoomSettings withTimes(
            RoomSettings settings, @Nullable Instant preQueue, @Nullable Instant opens, @Nullable Instant closes) {
        return new RoomSettings(
                settings.activeLimit(),
                settings.admitPerSecond(),
                settings.activeSeconds(),
                settings.tokenSeconds(),
                preQueue,
                opens,
                closes,
                settings.joinsPerAddress(),
                settings.addressSeconds(),
                settings.proofOfWork(),
                settings.intake(),
                settings.autopilot());
    }

    /** As another node does it. */
    public LettuceConnectionFactory connectAgain() {
        RedisStandaloneConfiguration address = new RedisStandaloneConfiguration(RealRedis.host(), RealRedis.port());
        address.setDatabase(DATABASE);
        LettuceConnectionFactory another = new LettuceConnectionFactory(address);
        another.afterPropertiesSet();
        another.start();
        return another;
    }

    public static WaitingRoomProperties properties(int waitingMax, int sweepBatch) {
        return properties(waitingMax, sweepBatch, Duration.ofSeconds(5));
    }

    public static WaitingRoomProperties properties(int waitingMax, int sweepBatch, Duration leadFor) {
        return new WaitingRoomProperties(
                null,
                Map.of(),
                waitingMax,
                Duration.ofMinutes(5),
                Duration.ofMillis(50),
                sweepBatch,
                Duration.ofMillis(10),
                Duration.ofMillis(20),
                leadFor,
                Duration.ofSeconds(10),
                Duration.ofMillis(20),
                500_000,
                false,
                "onsale-waiting-room",
                1,
                (short) 1,
                500,
                Duration.ofMillis(100),
                Duration.ofSeconds(5));
    }

    public VisitorService visitorsOf(WaitingRoomProperties other) {
        // Every sign of life at once: time moves by hand, and so must they.
        return new VisitorService(redis, watch, new Heartbeats(redis, 1), tokens, other, clock);
    }

    /** The counter as another node has it. */
    public AdmissionRound counterAt(Clock other) {
        return new AdmissionRound(redis, properties, other);
    }

    public RoomFixture open(int activeLimit, int admitPerSecond) {
        return open(settings(activeLimit, admitPerSecond, null, null));
    }

    public RoomFixture open(RoomSettings settings) {
        await(rooms.open(sale, settings));
        return this;
    }

    public VisitorAnswer join(BuyerId buyer) {
        return await(visitors.join(sale, buyer, JoinOrigin.UNKNOWN));
    }

    public VisitorAnswer poll(BuyerId buyer) {
        return await(visitors.poll(sale, buyer));
    }

    public void leave(BuyerId buyer) {
        visitors.leave(sale, buyer).block(BOUND);
    }

    public Round admit() {
        return await(counter.admit(sale, FENCE, Integer.MAX_VALUE));
    }

    public RoomStatus status() {
        return await(rooms.status(sale));
    }

    public Instant enter(BuyerId buyer, String token) {
        return await(entries.enter(sale, buyer, token));
    }

    public boolean isActive(BuyerId buyer) throws Exception {
        return get(entries.isActive(sale.value(), buyer));
    }

    /** Joins, is admitted and has the token. */
    public String admissionTokenOf(BuyerId buyer) {
        join(buyer);
        admit();
        return token(poll(buyer));
    }

    /**
     * As if so much time had passed while nobody served the room: what Redis stored of instants is moved into the past. Does not
     * depend on whose clock the scripts read.
     */
    public void passUnserved(Duration time) {
        shift("servedAt", time);
        shift("returnedAt", time);
        Set<ZSetOperations.TypedTuple<String>> waiting = raw.opsForZSet().rangeWithScores(keys.queue(), 0, -1);
        byte[] seen = keys.seen().getBytes(StandardCharsets.UTF_8);
        for (var visitor : Objects.requireNonNull(waiting)) {
            int number = Objects.requireNonNull(visitor.getScore()).intValue();
            await(redis.call(commands -> commands.bitfield(
                    seen,
                    BitFieldArgs.Builder.incrBy(
                            BitFieldArgs.unsigned(32), BitFieldArgs.typeWidthBasedOffset(number), -time.toMillis()))));
        }
    }

    private void shift(String field, Duration time) {
        Object known = raw.opsForHash().get(keys.room(), field);
        if (known != null) {
            raw.opsForHash().put(keys.room(), field, Long.toString(Long.parseLong(known.toString()) - time.toMillis()));
        }
    }

    /** Time passes while a leader visits the room all along. */
    public void passServed(Duration time) {
        clock.advance(time);
        raw.opsForHash().put(keys.room(), "servedAt", Long.toString(clock.millis()));
    }

    /** One whole look through the queue. */
    public void sweep() {
        long next = 0;
        do {
            next = await(counter.sweep(sale, next));
        } while (next > 0);
    }

    /** Redis forgets this room, and the node notices. */
    public void loseRedis() {
        raw.delete(raw.keys("onsale:waiting-room:{" + sale + "}:*"));
        watch.forget(sale);
    }

    /** Who has a place, in the order of admission. */
    public List<String> admittedInOrder() {
        Map<String, String> admitted = raw.<String, String>opsForHash().entries(keys.admitted());
        return admitted.entrySet().stream()
                .sorted(Comparator.comparing(entry -> number(entry.getValue())))
                .map(Map.Entry::getKey)
                .toList();
    }

    public long activePlaces() {
        Long places = raw.opsForZSet().zCard(keys.active());
        return places == null ? 0 : places;
    }

    public static Integer number(String admission) {
        String id = admission.substring(0, admission.indexOf('|'));
        return Integer.valueOf(id.substring(id.lastIndexOf('-') + 1));
    }

    public static String token(VisitorAnswer answer) {
        String token = answer.admissionToken();
        if (token == null) {
            throw new AssertionError("No admission token in " + answer);
        }
        return token;
    }

    public static BuyerId buyer(int number) {
        return BuyerId.of("buyer-" + number);
    }

    public static <T> T await(Mono<T> work) {
        @Nullable T value = work.block(BOUND);
        if (value == null) {
            throw new AssertionError("No answer");
        }
        return value;
    }

    public static <T> T get(CompletionStage<T> work) throws Exception {
        return work.toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        raw.delete(raw.keys("onsale:waiting-room:{" + sale + "}:*"));
        store.delete(sale);
        connections.destroy();
    }
}
