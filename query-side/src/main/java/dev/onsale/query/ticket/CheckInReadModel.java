package dev.onsale.query.ticket;

import dev.onsale.api.seat.TicketCheckedIn;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.Keys;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.readmodel.Rows;
import dev.onsale.query.readmodel.Table;
import java.util.List;
import org.springframework.stereotype.Component;

/** Used tickets, one row for each seat whose ticket was ever used. */
@Component
class CheckInReadModel extends ReadModel<TicketCheckedIn> {

    private static final Table<CheckInKey, CheckInRow> CHECK_INS =
            Table.of(CheckInRow.class, CheckInRow::key, CheckInKey::performanceId, CheckInKey::seat);

    CheckInReadModel() {
        super(ReadModelName.CHECK_INS, List.of(TicketCheckedIn.class), CHECK_INS);
    }

    @Override
    protected void keys(TicketCheckedIn event, Keys keys) {
        keys.add(CHECK_INS, CheckInKey.of(event.seatId()));
    }

    @Override
    protected void fold(Fact<TicketCheckedIn> fact, Rows rows) {
        CheckInKey key = CheckInKey.of(fact.event().seatId());
        CheckInRow known = rows.find(CHECK_INS, key);
        if (known != null && known.position() >= fact.position()) {
            rows.outcomes().skipped(fact);
            return;
        }
        CheckInRow row = new CheckInRow(fact.event(), fact.position());
        rows.add(CHECK_INS, key, row);
        rows.changed(CHECK_INS, key, row);
        rows.outcomes().applied(fact);
    }
}
