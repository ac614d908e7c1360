package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.supervision.TaskThreads;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/**
 * Shows seat maps as they change. A map is looked at once for all its viewers; each viewer gets the newest edition that there
 * is when it is ready for one, so that a slow one misses editions and never holds anything up.
 */
@Component
class SeatMapStream implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SeatMapStream.class);

    /** A performance whose last viewer has gone is looked at for a little longer: the next may be on its way. */
    private static final Duration WATCHED_AFTER_THE_LAST = Duration.ofSeconds(2);

    private final Map<PerformanceId, Watched> watched = new ConcurrentHashMap<>();
    private final AtomicInteger viewers = new AtomicInteger();
    private volatile Sinks.@Nullable Empty<Void> closing;
    private final Scheduler blocking = Schedulers.fromExecutor(TaskThreads.perTask("seat-map-stream-"));
    private final SeatMaps maps;
    private final StreamSettings settings;
    private final JsonMapper json;

    SeatMapStream(SeatMaps maps, StreamSettings settings, JsonMapper json, MeterRegistry registry) {
        this.maps = maps;
        this.settings = settings;
        this.json = json;
        registry.gauge("onsale.seat.map.viewers", viewers);
    }

    /**
     * The whole map, then what changes in it.
     *
     * @param seen identifier of the last edition that the viewer has; if it is still the newest, the stream begins with the
     *     next
     * @throws RefusedException as a signal, with {@code PERFORMANCE_NOT_FOUND} or {@code TEMPORARILY_UNAVAILABLE}
     */
    Flux<ServerSentEvent<String>> of(PerformanceId performanceId, @Nullable String seen) {
        return Mono.fromCallable(() -> maps.of(performanceId))
                .subscribeOn(blocking)
                .flatMapMany(first -> Flux.defer(() -> {
                    if (viewers.incrementAndGet() > settings.viewersMax()) {
                        viewers.decrementAndGet();
                        return Flux.error(new RefusedException(
                                RefusalCode.TEMPORARILY_UNAVAILABLE, "Too many watch seat maps here; come again"));
                    }
                    return view(performanceId, seen).doFinally(end -> viewers.decrementAndGet());
                }));
    }

    private Flux<ServerSentEvent<String>> view(PerformanceId performanceId, @Nullable String seen) {
        Watched performance = watched.computeIfAbsent(performanceId, Watched::new);
        AtomicReference<@Nullable SeatMap> shown = new AtomicReference<>();
        Flux<ServerSentEvent<String>> updates = performance
                .editions
                .onBackpressureLatest()
                // One at a time, and the next is asked for when the pause is over.
                .concatMap(map -> update(performance, shown, map, seen).concatWith(pause()), 0);
        // The first at once: a viewer who has the newest map learns by it that the stream is open.
        Flux<ServerSentEvent<String>> signsOfLife = Flux.interval(Duration.ZERO, settings.signOfLifeEvery())
                .onBackpressureDrop()
                .map(tick -> ServerSentEvent.<String>builder().comment("").build());
        Sinks.Empty<Void> end = closing;
        return Flux.merge(1, updates, signsOfLife).takeUntilOther(end == null ? Mono.empty() : end.asMono());
    }

    @Override
    public void start() {
        closing = Sinks.empty();
    }

    /** Before the server waits for its requests to end: these would not. */
    @Override
    public void stop() {
        Sinks.Empty<Void> end = closing;
        closing = null;
        if (end != null) {
            end.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    @Override
    public boolean isRunning() {
        return closing != null;
    }

    private Mono<ServerSentEvent<String>> pause() {
        return Mono.delay(settings.updateEvery()).then(Mono.empty());
    }

    private Mono<ServerSentEvent<String>> update(
            Watched performance, AtomicReference<@Nullable SeatMap> shown, SeatMap map, @Nullable String seen) {
        SeatMap before = shown.getAndSet(map);
        if (before == null && map.edition().id().equals(seen)) {
            return Mono.empty();
        }
        return Mono.just(performance.update(before, map).event());
    }

    /** One performance with its viewers. */
    private final class Watched {

        private final PerformanceId performanceId;
        private final Flux<SeatMap> editions;

        /** Most viewers go from the same edition to the same: what takes one there takes the next. */
        private volatile @Nullable SeatMapUpdate last;

        Watched(PerformanceId performanceId) {
            this.performanceId = performanceId;
            this.editions = Flux.interval(Duration.ZERO, settings.updateEvery())
                    .onBackpressureDrop()
                    .concatMap(tick -> look(), 1)
                    .distinctUntilChanged(SeatMap::edition)
                    .doFinally(end -> watched.remove(performanceId, this))
                    .replay(1)
                    .refCount(1, WATCHED_AFTER_THE_LAST);
        }

        private Mono<SeatMap> look() {
            return Mono.fromCallable(() -> maps.of(performanceId))
                    .subscribeOn(blocking)
                    .onErrorResume(failure -> {
                        log.warn(
                                "The seat map of {} could not be read for its viewers: {}",
                                performanceId,
                                failure.toString());
                        return Mono.empty();
                    });
        }

        SeatMapUpdate update(@Nullable SeatMap before, SeatMap after) {
            SeatMapUpdate update = last;
            if (update == null || !update.leads(before == null ? null : before.edition(), after.edition())) {
                update = SeatMapUpdate.of(json, performanceId, before, after);
                last = update;
            }
            return update;
        }
    }
}
