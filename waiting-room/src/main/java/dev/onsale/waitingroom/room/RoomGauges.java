package dev.onsale.waitingroom.room;

import dev.onsale.platform.supervision.PeriodicBean;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.RoomStatus.Phase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What all waiting rooms together hold. There is no label for the room, because rooms come and go without a limit over time;
 * the figures of one room are in its status. Every node shows the same.
 */
@Component
class RoomGauges extends PeriodicBean {

    private static final Logger log = LoggerFactory.getLogger(RoomGauges.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration SILENT_MAX = Duration.ofMinutes(5);
    private static final Duration READ_MAX = Duration.ofSeconds(5);

    private final RoomDirectory directory;
    private final RoomStateCache rooms;
    private final Counter admitted;
    private final Map<SaleId, Long> admittedBefore = new HashMap<>();
    private volatile List<RoomState> states = List.of();

    RoomGauges(RoomDirectory directory, RoomStateCache rooms, MeterRegistry registry) {
        super(new SupervisedWork("waiting-room-gauges", SILENT_MAX).optional(), EVERY);
        this.directory = directory;
        this.rooms = rooms;
        this.admitted = Counter.builder("onsale.waiting.room.admitted")
                .description("Visitors admitted since this node watches")
                .register(registry);
        sum(registry, "waiting", "Visitors that wait", RoomState::waiting);
        sum(registry, "active", "Visitors with a place, entered or not", RoomState::active);
        sum(registry, "entered", "Visitors with a place who used their token", RoomState::entered);
        sum(registry, "active.limit", "Places of all rooms", RoomState::activeLimit);
        sum(registry, "journal.behind", "Journal entries that are not in the database yet", RoomState::journalBehind);
        for (Phase phase : Phase.values()) {
            gauge(registry, "rooms", "Waiting rooms", phase.name().toLowerCase(Locale.ROOT), all -> all.states.stream()
                    .filter(state -> state.phase() == phase)
                    .count());
        }
    }

    private void sum(MeterRegistry registry, String name, String description, ToLongFunction<RoomState> figure) {
        Gauge.builder("onsale.waiting.room." + name, this, all -> all.states.stream()
                        .mapToLong(figure)
                        .sum())
                .description(description)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String description,
            String phase,
            ToDoubleFunction<RoomGauges> figure) {
        Gauge.builder("onsale.waiting.room." + name, this, figure)
                .tag("phase", phase)
                .description(description)
                .register(registry);
    }

    @Override
    protected void round() {
        List<RoomState> read = new ArrayList<>();
        for (SaleId sale : directory.sales()) {
            RoomState state = look(sale);
            if (state != null) {
                read.add(state);
                Long before = admittedBefore.put(sale, state.admittedTotal());
                if (before != null && state.admittedTotal() > before) {
                    admitted.increment((double) (state.admittedTotal() - before));
                }
            }
        }
        admittedBefore.keySet().retainAll(directory.sales());
        states = List.copyOf(read);
    }

    /** A room that is being restored or cannot be read has no state; its failures have metrics of their own. */
    private @Nullable RoomState look(SaleId sale) {
        try {
            return rooms.look(sale).block(READ_MAX);
        } catch (RuntimeException failed) {
            log.debug("The room of sale {} cannot be read", sale, failed);
            return null;
        }
    }
}
