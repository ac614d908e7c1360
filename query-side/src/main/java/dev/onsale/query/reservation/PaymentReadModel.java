package dev.onsale.query.reservation;

import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.query.readmodel.AggregateReadModel;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.readmodel.Table;
import org.springframework.stereotype.Component;

@Component
class PaymentReadModel extends AggregateReadModel<PaymentEvent, PaymentRow> {

    PaymentReadModel() {
        super(ReadModelName.PAYMENTS, PaymentEvent.class, Table.of(PaymentRow.class, PaymentRow::paymentId), "payment");
    }

    @Override
    protected String key(PaymentEvent event) {
        return event.paymentId().toString();
    }

    @Override
    protected PaymentRow first(Fact<PaymentEvent> fact) {
        return new PaymentRow(fact.event());
    }

    @Override
    protected void become(PaymentRow row, PaymentEvent event) {
        row.become(event);
    }
}
