package dev.onsale.command.reservation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.store.AggregateKinds;
import dev.onsale.platform.supervision.TaskThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.stereotype.Component;

/** Knows the performance, and with it the writer, of a reservation: from memory, else from the reservation's first fact. */
@Component
class ReservationIndex {

    private static final String AGGREGATE_TYPE = "Reservation";
    private static final int RESERVATIONS_MAX = 100_000;

    private final Cache<ReservationId, PerformanceId> performances =
            Caffeine.newBuilder().maximumSize(RESERVATIONS_MAX).build();
    private final ExecutorService readers = TaskThreads.perTask("reservation-index-");
    private final EventStore store;
    private final AggregateKinds kinds;

    ReservationIndex(EventStore store, AggregateKinds kinds) {
        this.store = store;
        this.kinds = kinds;
    }

    void remember(ReservationHeld held) {
        performances.put(held.reservationId(), held.performanceId());
    }

    /** Fails with {@code RESERVATION_NOT_FOUND}. */
    CompletionStage<PerformanceId> performanceOf(ReservationId id) {
        PerformanceId known = performances.getIfPresent(id);
        return known != null
                ? CompletableFuture.completedStage(known)
                : CompletableFuture.supplyAsync(() -> read(id), readers);
    }

    private PerformanceId read(ReservationId id) {
        DomainEventStream stream =
                kinds.isOf(id.toString(), AGGREGATE_TYPE) ? store.readEvents(id.toString()) : DomainEventStream.empty();
        if (stream.hasNext() && stream.next().getPayload() instanceof ReservationHeld held) {
            remember(held);
            return held.performanceId();
        }
        throw new RefusedException(RefusalCode.RESERVATION_NOT_FOUND, "There is no such reservation");
    }
}
