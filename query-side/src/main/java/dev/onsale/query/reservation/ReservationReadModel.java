package dev.onsale.query.reservation;

import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.query.readmodel.AggregateReadModel;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.readmodel.Table;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

@Component
class ReservationReadModel extends AggregateReadModel<ReservationEvent, ReservationRow> {

    ReservationReadModel() {
        super(
                ReadModelName.RESERVATIONS,
                ReservationEvent.class,
                Table.of(ReservationRow.class, ReservationRow::reservationId),
                "reservation");
    }

    @Override
    protected String key(ReservationEvent event) {
        return event.reservationId().toString();
    }

    @Override
    protected @Nullable ReservationRow first(Fact<ReservationEvent> fact) {
        return fact.event() instanceof ReservationHeld held ? new ReservationRow(held, fact.position()) : null;
    }

    @Override
    protected void become(ReservationRow row, ReservationEvent event) {
        row.become(event);
    }
}
