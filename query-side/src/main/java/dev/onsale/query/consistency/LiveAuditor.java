package dev.onsale.query.consistency;

import dev.onsale.api.RefusedException;
import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Compares the sales that changed last, one after the other, over and over. A comparison reads all of a sale, so each round takes as
 * many as fit into its share of the time, at least one, and the next round goes on with the others.
 */
@Component
class LiveAuditor implements SmartLifecycle, Supervised {

    private static final Logger log = LoggerFactory.getLogger(LiveAuditor.class);
    private static final int SALES_MAX = 20;
    private static final Duration KAFKA_AT_MOST = Duration.ofSeconds(2);
    private static final int SHARE_OF_THE_TIME = 10;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    /** For the largest sale: a comparison reads all of it. */
    private static final Duration SILENT_MAX = Duration.ofMinutes(30);

    private final ConsistencyCheck check;
    private final ConsistencySettings settings;
    private final Map<String, Consistency> found = new ConcurrentSkipListMap<>();
    private final Timer looks;
    private String lastSale = "";
    private final SupervisedWork work =
            SupervisedWork.onDemand("live-auditor", SILENT_MAX).optional();
    private @Nullable PeriodicTasks rounds;

    LiveAuditor(ConsistencyCheck check, ConsistencySettings settings, MeterRegistry registry) {
        this.check = check;
        this.settings = settings;
        gauge(registry, "differences", "What differs from the event store", Consistency::differences);
        gauge(registry, "behind", "What has not followed the event store yet", Consistency::behind);
        this.looks = Timer.builder("onsale.consistency.check")
                .description("Comparisons of a sale with the event store")
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String what, ToLongFunction<Consistency> figure) {
        Gauge.builder("onsale.consistency." + name, found, sales -> sales.values().stream()
                        .mapToLong(figure)
                        .sum())
                .description(what + ", in the sales that changed last, when each was looked at")
                .register(registry);
    }

    Collection<Consistency> found() {
        return List.copyOf(found.values());
    }

    private void round() {
        long begun = System.nanoTime();
        try {
            lookAtSome();
        } finally {
            // A very large sale takes longer than its share: then the next round comes later.
            long took = Duration.ofNanos(System.nanoTime() - begun).toMillis();
            next(Math.max(settings.every().toMillis(), took * (SHARE_OF_THE_TIME - 1)));
        }
    }

    private void lookAtSome() {
        List<String> sales = check.ofLate(SALES_MAX);
        found.keySet().retainAll(sales);
        long end = System.nanoTime() + settings.every().toNanos() / SHARE_OF_THE_TIME;
        List<String> inTurn = inTurn(sales);
        for (int next = 0; next < inTurn.size() && (next == 0 || System.nanoTime() < end); next++) {
            look(inTurn.get(next));
            SupervisedWork.progress();
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    private synchronized void next(long millis) {
        if (rounds != null) {
            rounds.after(Duration.ofMillis(millis), work, this::round);
        }
    }

    /** In the order of their keys, beginning after the one that was the last. */
    private List<String> inTurn(List<String> sales) {
        List<String> sorted = sales.stream().sorted().toList();
        List<String> after =
                sorted.stream().filter(sale -> sale.compareTo(lastSale) > 0).toList();
        return java.util.stream.Stream.concat(after.stream(), sorted.stream().filter(sale -> !after.contains(sale)))
                .toList();
    }

    private void look(String sale) {
        lastSale = sale;
        try {
            Consistency consistency = looks.record(() -> check.of(sale, KAFKA_AT_MOST));
            if (consistency == null) {
                return;
            }
            found.put(sale, consistency);
            consistency.parts().stream()
                    .filter(part -> part.differences() > 0)
                    .forEach(part -> log.warn(
                            "Sale {} differs from the event store in {} at {} places, first: {}",
                            sale,
                            part.name(),
                            part.differences(),
                            part.first()));
        } catch (RefusedException gone) {
            found.remove(sale);
        }
    }

    @Override
    public synchronized void start() {
        if (rounds == null && settings.enabled()) {
            rounds = new PeriodicTasks(work.name());
            next(settings.every().toMillis());
        }
    }

    @Override
    public void stop() {
        PeriodicTasks stopping = takeRounds();
        if (stopping != null) {
            stopping.stopNow(STOP_PATIENCE);
        }
    }

    private synchronized @Nullable PeriodicTasks takeRounds() {
        PeriodicTasks stopping = rounds;
        rounds = null;
        return stopping;
    }

    @Override
    public synchronized boolean isRunning() {
        return rounds != null;
    }
}
