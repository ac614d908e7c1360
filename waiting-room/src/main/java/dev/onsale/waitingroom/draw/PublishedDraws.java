package dev.onsale.waitingroom.draw;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.platform.supervision.SupervisedWorkers;
import dev.onsale.waitingroom.draw.OpeningDraw.Draw;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.RoomDefinition;
import dev.onsale.waitingroom.room.RoomStateCache;
import dev.onsale.waitingroom.room.RoomStatus;
import dev.onsale.waitingroom.room.Rooms;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Cache of the public draws. A draw needs the whole journal of its room. So a room without a draw is refused before
 * that, and concurrent requests share one computation.
 */
@Component
public class PublishedDraws implements Supervised, DisposableBean {

    private static final long BYTES_MAX =
            Math.min(128L << 20, Runtime.getRuntime().maxMemory() / 8);
    private static final int BYTES_OF_AN_ENTRY = 1_024;
    private static final Duration KEPT = Duration.ofHours(1);

    /** Longer than any single step. */
    private static final Duration SILENT_MAX = Duration.ofSeconds(60);

    /** For an open room whose journal has no draw: it is not written yet, or there was none. */
    private static final Duration ABSENCE_KEPT = Duration.ofSeconds(2);

    private final Rooms rooms;
    private final RoomStateCache watch;
    private final OpeningDraw opening;
    // One at a time, because a draw of two million visitors needs much memory.
    private final SupervisedWork work;
    private final SupervisedWorkers thread;
    private final AsyncCache<Key, Published> draws;

    /** A reopened room has another seed. */
    private record Key(SaleId sale, String seed) {}

    private record Published(@Nullable Draw draw) {

        /** Limited, because a heavier entry would not be cached. */
        int bytes() {
            long size = BYTES_OF_AN_ENTRY
                    + (draw == null ? 0L : (long) draw.visitors().size() * Shuffle.DIGEST_BYTES);
            return (int) Math.min(size, BYTES_MAX);
        }
    }

    @Autowired
    PublishedDraws(Rooms rooms, RoomStateCache watch, OpeningDraw opening) {
        this(rooms, watch, opening, SILENT_MAX);
    }

    /**
     * @param silentMax how long a computation may make no progress before its thread is replaced
     */
    PublishedDraws(Rooms rooms, RoomStateCache watch, OpeningDraw opening, Duration silentMax) {
        this.work = SupervisedWork.onDemand("waiting-room-draws", silentMax).optional();
        this.thread = new SupervisedWorkers(work, 1);
        work.started();
        this.rooms = rooms;
        this.watch = watch;
        this.opening = opening;
        this.draws = Caffeine.newBuilder()
                .executor(thread)
                .maximumWeight(BYTES_MAX)
                .weigher((Key key, Published published) -> published.bytes())
                .expireAfter(Expiry.creating(
                        (Key key, Published published) -> published.draw() == null ? ABSENCE_KEPT : KEPT))
                .buildAsync();
    }

    /** Refuses with {@code WAITING_ROOM_NOT_FOUND}, or with {@code SALE_NOT_OPEN} if there is no draw. */
    public Mono<Draw> of(SaleId sale) {
        var unused = thread.replaceSilent();
        return rooms.definition(sale).flatMap(room -> {
            Key key = new Key(sale, room.seed());
            CompletableFuture<Published> known = draws.getIfPresent(key);
            return known != null ? shared(known) : isOpen(room).then(Mono.defer(() -> computed(key, room)));
        });
    }

    /** Completes if the room may have a draw. */
    private Mono<Void> isOpen(RoomDefinition room) {
        if (room.settings().opensAt() == null) {
            return Mono.error(OpeningDraw.notDrawn());
        }
        return watch.recentOrNow(room.sale())
                .flatMap(sight ->
                        sight.phase() == RoomStatus.Phase.OPEN ? Mono.empty() : Mono.error(OpeningDraw.notDrawn()));
    }

    private Mono<Draw> computed(Key key, RoomDefinition room) {
        return shared(draws.get(
                key,
                (unused, executor) -> CompletableFuture.supplyAsync(
                        () -> new Published(opening.published(room).orElse(null)), executor)));
    }

    /** A client that disconnects does not cancel the shared computation. */
    private static Mono<Draw> shared(CompletableFuture<Published> computation) {
        return Mono.fromFuture(computation, true)
                .flatMap(published ->
                        published.draw() == null ? Mono.error(OpeningDraw.notDrawn()) : Mono.just(published.draw()));
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public void destroy() {
        thread.stopNow();
    }
}
