package dev.onsale.rehearsal;

import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.Invariant;
import dev.onsale.rehearsal.RehearsalOptions.RedisAddress;
import dev.onsale.rehearsal.client.Deadline;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.client.OnsaleClient.Guard;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Empties Redis twice during the rehearsal and observes the recovery: once when a quarter of the first persons have a
 * coupon, once when half of the seats are held. Thread-safe.
 */
final class RedisLoss implements AutoCloseable {

    private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final int WATCHERS = 4;

    private final @Nullable StatefulRedisConnection<String, String> connection;
    private final @Nullable RedisClient redis;
    private final @Nullable OnsaleClient look;
    private final Moment coupons;
    private final Moment seats;
    private final ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor();
    private volatile @Nullable Sale sale;

    private RedisLoss(
            @Nullable RedisClient redis,
            @Nullable StatefulRedisConnection<String, String> connection,
            @Nullable OnsaleClient look,
            RehearsalOptions options) {
        this.redis = redis;
        this.connection = connection;
        this.look = look;
        this.coupons = new Moment("coupons", Math.max(1, Math.min(options.coupons, first(options)) / 2));
        this.seats = new Moment("seats", Math.max(1, Math.min(options.seats, options.buyers) / 2));
    }

    /** Number of persons for coupons that start before the first loss. The others start at the first loss. */
    static int first(RehearsalOptions options) {
        return (options.people + 1) / 2;
    }

    static RedisLoss never() {
        return new RedisLoss(null, null, null, new RehearsalOptions());
    }

    /** @throws NotDoneException if no Redis responds at the address */
    static RedisLoss of(RedisAddress address, String url, RehearsalOptions options) throws NotDoneException {
        RedisClient client = RedisClient.create(RedisURI.Builder.redis(address.host(), address.port())
                .withTimeout(REDIS_TIMEOUT)
                .build());
        try {
            StatefulRedisConnection<String, String> connection = client.connect();
            connection.sync().ping();
            return new RedisLoss(client, connection, new OnsaleClient(url, WATCHERS, REQUEST_TIMEOUT), options);
        } catch (RedisException e) {
            client.shutdown();
            throw new NotDoneException(
                    "No Redis responds at " + address.host() + ":" + address.port() + ": " + e.getMessage());
        }
    }

    /**
     * The recovery from one loss.
     *
     * @param during name of the stage
     * @param after number of acknowledged requests before the loss
     * @param guardAfter time until the guard was complete again; absent if that was not observed
     * @param rebuild the server's report of the rebuild
     * @param roomAfter time until the waiting room was restored; absent if that was not observed
     */
    record Loss(
            String during,
            int after,
            @Nullable Duration guardAfter,
            OnsaleClient.@Nullable Rebuild rebuild,
            @Nullable Duration roomAfter) {}

    /**
     * @param losses in order; empty if Redis was not emptied
     * @param placesLost number of visitors who had to join the waiting room again
     * @param oldestPlaceLost longest time that one of them had had the place
     * @param repaired number of guard entries that differed from the store at the end, by kind of error
     */
    record Report(List<Loss> losses, int placesLost, Duration oldestPlaceLost, Map<String, Long> repaired) {
        Report {
            losses = List.copyOf(losses);
            repaired = Map.copyOf(repaired);
        }
    }

    /** Sets the sale, before the rehearsal starts. */
    void about(Sale theSale) {
        this.sale = theSale;
    }

    void couponGiven() {
        happened(coupons, sale -> sale.campaign().toString());
    }

    void seatHeld() {
        happened(seats, sale -> sale.performance().toString());
    }

    /** Waits for the first loss. Returns at once if no loss is planned, and after a time limit if it does not occur. */
    void awaitTheFirst() throws InterruptedException {
        if (connection != null) {
            boolean unused = coupons.come.await(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** One of the two losses. */
    private static final class Moment {

        private final String during;
        private final int after;
        private final AtomicInteger count = new AtomicInteger();
        private final CountDownLatch come = new CountDownLatch(1);
        private volatile long nanos;
        private volatile @Nullable Future<Loss> loss;

        private Moment(String during, int after) {
            this.during = during;
            this.after = after;
        }
    }

    private void happened(Moment moment, Function<Sale, String> guarded) {
        Sale about = sale;
        if (connection == null || about == null || moment.count.incrementAndGet() != moment.after) {
            return;
        }
        moment.come.countDown();
        connection.sync().flushall();
        moment.nanos = System.nanoTime();
        moment.loss = watchers.submit(() -> watch(moment, about, guarded.apply(about)));
    }

    private Loss watch(Moment moment, Sale about, String guarded) throws InterruptedException {
        Deadline patience = Deadline.in(PATIENCE);
        Duration guardAfter = null;
        OnsaleClient.Rebuild rebuild = null;
        Duration roomAfter = null;
        while ((guardAfter == null || roomAfter == null) && !patience.isOver()) {
            if (guardAfter == null) {
                rebuild = rebuilt(about, guarded);
                guardAfter = rebuild == null ? null : since(moment);
            }
            if (roomAfter == null && looking().roomIsRestored(about.operator(), about.performance())) {
                roomAfter = since(moment);
            }
            patience.pause(LOOK_AGAIN);
        }
        return new Loss(moment.during, moment.after, guardAfter, rebuild, roomAfter);
    }

    /** The report of a rebuild is stored in Redis too, so a report that can be read is from after the loss. */
    private OnsaleClient.@Nullable Rebuild rebuilt(Sale about, String guarded) throws InterruptedException {
        return looking()
                .guard(about.operator(), guarded)
                .done()
                .filter(Guard::complete)
                .map(Guard::lastRebuild)
                .filter(rebuild -> rebuild.state().equals("DONE"))
                .orElse(null);
    }

    private static Duration since(Moment moment) {
        return Duration.ofNanos(System.nanoTime() - moment.nanos);
    }

    private OnsaleClient looking() {
        if (look == null) {
            throw new IllegalStateException("Redis is not emptied in this rehearsal");
        }
        return look;
    }

    /**
     * The report, after the rehearsal.
     *
     * @param lostPlaces when the visitors who had to join again had received their first response
     */
    Report report(List<Long> lostPlaces, Findings findings) throws InterruptedException {
        if (connection == null) {
            return new Report(List.of(), lostPlaces.size(), Duration.ZERO, Map.of());
        }
        List<Loss> losses = new ArrayList<>();
        for (Moment moment : List.of(coupons, seats)) {
            Loss loss = lossOf(moment);
            if (loss == null) {
                findings.add(
                        Invariant.THE_RUN_WAS_WHOLE,
                        "Redis was to be emptied after " + moment.after + " " + moment.during
                                + ", but there were fewer");
                continue;
            }
            losses.add(loss);
            if (loss.guardAfter() == null) {
                findings.add(
                        Invariant.LOST_REDIS_COMES_BACK,
                        "The guard of the " + moment.during + " was not complete again within " + PATIENCE);
            }
            if (loss.roomAfter() == null) {
                findings.add(Invariant.LOST_REDIS_COMES_BACK, "The waiting room was not restored within " + PATIENCE);
            }
        }
        long oldest = lostPlaces.stream()
                .mapToLong(answered -> (answered < coupons.nanos ? coupons.nanos : seats.nanos) - answered)
                .max()
                .orElse(0);
        Sale about = sale;
        Map<String, Long> repaired = about == null
                ? Map.of()
                : new GuardComparison(looking(), about.operator())
                        .of(
                                List.of(
                                        about.campaign().toString(),
                                        about.performance().toString()),
                                findings);
        return new Report(losses, lostPlaces.size(), Duration.ofNanos(oldest), repaired);
    }

    private static @Nullable Loss lossOf(Moment moment) throws InterruptedException {
        Future<Loss> loss = moment.loss;
        try {
            return loss == null ? null : loss.get(PATIENCE.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The observation of Redis failed", e);
        }
    }

    @Override
    public void close() {
        watchers.shutdownNow();
        if (look != null) {
            look.close();
        }
        if (connection != null) {
            connection.close();
        }
        if (redis != null) {
            redis.shutdown();
        }
    }
}
