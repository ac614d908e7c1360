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
 * Lets Redis lose everything in the middle of the play and watches how it comes back: once when a quarter of those who come
 * first have a coupon, once when half of the seats are held. Safe for many threads.
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

    /** How many of the people for coupons come before the first loss; the others come at its moment. */
    static int first(RehearsalOptions options) {
        return (options.people + 1) / 2;
    }

    static RedisLoss never() {
        return new RedisLoss(null, null, null, new RehearsalOptions());
    }

    /**
     * @throws NotDoneException if no Redis answers there
     */
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
                    "No Redis answers at " + address.host() + ":" + address.port() + ": " + e.getMessage());
        }
    }

    /**
     * What became of one loss.
     *
     * @param during what was going on
     * @param after how many had been told "yes" by then
     * @param guardAfter until the guard was whole again; absent if that was not seen
     * @param rebuild what the server says of it
     * @param roomAfter until the waiting room was back; absent if that was not seen
     */
    record Loss(
            String during,
            int after,
            @Nullable Duration guardAfter,
            OnsaleClient.@Nullable Rebuild rebuild,
            @Nullable Duration roomAfter) {}

    /**
     * @param losses in the order in which they happened; empty if Redis was left alone
     * @param placesLost visitors of the waiting room who had to join again
     * @param oldestPlaceLost the longest that one of them had had the place
     * @param repaired entries of the guards that were not as the store says, at the end, by what was wrong with them
     */
    record Report(List<Loss> losses, int placesLost, Duration oldestPlaceLost, Map<String, Long> repaired) {
        Report {
            losses = List.copyOf(losses);
            repaired = Map.copyOf(repaired);
        }
    }

    /** What the play is about, before it begins. */
    void about(Sale theSale) {
        this.sale = theSale;
    }

    void couponGiven() {
        happened(coupons, sale -> sale.campaign().toString());
    }

    void seatHeld() {
        happened(seats, sale -> sale.performance().toString());
    }

    /** Returns at the moment of the first loss; at once if there is none to come, after a while if it does not come. */
    void awaitTheFirst() throws InterruptedException {
        if (connection != null) {
            boolean unused = coupons.come.await(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** One of the two moments. */
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

    /** The report of a rebuild is kept in Redis too: one that can be read is of the guard after the loss. */
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
            throw new IllegalStateException("Redis is left alone, there is nothing to look at");
        }
        return look;
    }

    /**
     * After the play.
     *
     * @param lostPlaces when those who had to join again had had their first answer
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
                        "Redis was to be lost after " + moment.after + " " + moment.during
                                + ", and so many there were not");
                continue;
            }
            losses.add(loss);
            if (loss.guardAfter() == null) {
                findings.add(
                        Invariant.LOST_REDIS_COMES_BACK,
                        "The guard of the " + moment.during + " was not whole again within " + PATIENCE);
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
            throw new IllegalStateException("The watch over Redis broke", e);
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
