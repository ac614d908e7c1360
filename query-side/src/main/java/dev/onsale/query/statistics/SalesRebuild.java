package dev.onsale.query.statistics;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.query.consumption.ConsumerGroup;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.GuardedUpsert;
import dev.onsale.query.rebuild.Rebuildable;
import dev.onsale.query.rebuild.RowSink;
import dev.onsale.query.rebuild.RowStore;
import dev.onsale.query.rebuild.ShadowTables;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Counts the whole log again. What was counted of each reservation goes with the counters, or repeats would count twice. */
@Component
class SalesRebuild implements Rebuildable {

    static final String NAME = "sales-statistics";

    private static final String MINUTES = "sales_minute";
    private static final String RESERVATIONS = "counted_reservation";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ReadTable> tables() {
        return List.of(
                new ReadTable(
                        RESERVATIONS,
                        List.of("reservation_id"),
                        "log_position",
                        List.of("performance_id", "seats", "value_minor_units", "booked")),
                new ReadTable(
                        MINUTES,
                        List.of("performance_id", "minute"),
                        "log_position",
                        List.of(
                                "seats_held",
                                "seats_booked",
                                "seats_given_up",
                                "seats_returned",
                                "reservations_booked",
                                "booked_minor_units",
                                "returned_minor_units")));
    }

    @Override
    public ConsumerGroup group() {
        return ConsumerGroup.STATISTICS;
    }

    @Override
    public List<Class<? extends OnsaleEvent>> facts() {
        return List.of(ReservationEvent.class);
    }

    @Override
    public Folding begin(ShadowTables beside, boolean fromNothing) {
        RowStore<String, CountedReservation> reservations =
                new RowStore<>(
                        fromNothing, ids -> beside
                                .rows(
                                        RESERVATIONS,
                                        CountedReservation.class,
                                        "reservation_id IN (:ids)",
                                        Map.of("ids", ids))
                                .stream()
                                .collect(Collectors.toMap(CountedReservation::reservationId, Function.identity())));
        RowStore<MinuteKey, SalesMinute> minutes = new RowStore<>(fromNothing, keys -> minutes(beside, keys));
        GuardedUpsert<CountedReservation> reservationUpsert =
                CountedReservation.UPSERT.into(beside.table(RESERVATIONS));
        GuardedUpsert<SalesMinute> minuteUpsert = SalesMinute.UPSERT.into(beside.table(MINUTES));
        return new Folding() {
            @Override
            public void take(Facts facts) {
                List<Fact<ReservationEvent>> batch = facts.of(ReservationEvent.class);
                reservations.fetch(() -> SalesProjection.reservations(batch));
                minutes.fetch(() -> SalesProjection.keys(batch));
                SalesProjection.Fold fold = new SalesProjection.Fold(
                        reservations.rows(),
                        minutes.rows(),
                        reservations.changed(),
                        minutes.changed(),
                        new ConsumptionOutcomes());
                batch.forEach(fold::take);
            }

            @Override
            public int pending() {
                return reservations.changed().size();
            }

            @Override
            public void flush(RowSink sink) {
                reservations.flush(changed -> sink.write(reservationUpsert, changed));
                minutes.flush(changed -> sink.write(minuteUpsert, changed));
            }
        };
    }

    private static Map<MinuteKey, SalesMinute> minutes(ShadowTables beside, Collection<MinuteKey> keys) {
        Set<MinuteKey> wanted = new HashSet<>(keys);
        Map<MinuteKey, SalesMinute> found = new HashMap<>();
        beside
                .rows(
                        MINUTES,
                        SalesMinute.class,
                        "performance_id IN (:performances) AND minute IN (:minutes)",
                        Map.of(
                                "performances",
                                keys.stream().map(MinuteKey::performanceId).collect(Collectors.toSet()),
                                "minutes",
                                keys.stream().map(MinuteKey::minute).collect(Collectors.toSet())))
                .stream()
                .filter(minute -> wanted.contains(minute.key()))
                .forEach(minute -> found.put(minute.key(), minute));
        return found;
    }
}
