package dev.onsale.saga.notification;

import dev.onsale.api.personal.ContactDetails;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.eventlog.personal.PersonalData;
import java.util.List;
import java.util.Optional;

/**
 * Finds the recipient of a mail: the contact that the buyer gave last. It is read from the log and opened for this one mail, so that
 * no event carries it.
 */
final class RecipientLookup {

    private static final String PAYMENT_REQUESTED = "onsale.payment-requested";

    /** More facts than a reservation has, whatever its buyer tries. */
    private static final int FACTS_MAX = 1_000;

    private final StoredEvents events;
    private final PersonalData personal;

    RecipientLookup(StoredEvents events, PersonalData personal) {
        this.events = events;
        this.personal = personal;
    }

    sealed interface Recipient {

        /** The buyer said where to. */
        record Given(ContactDetails contact) implements Recipient {}

        /** The buyer had said it, and had it erased. */
        record Erased() implements Recipient {}

        /** The buyer never said. */
        record Unknown() implements Recipient {}
    }

    Recipient of(Notice notice) {
        List<StoredEvent> facts = events.ofAggregate(notice.reservationId().toString(), 0, FACTS_MAX);
        return facts.reversed().stream()
                .filter(event -> event.type().equals(PAYMENT_REQUESTED))
                .map(event -> (PaymentRequested) EventJson.read(event.type(), event.version(), event.payloadJson()))
                .flatMap(requested -> Optional.ofNullable(requested.contact())
                        .map(contact -> personal.openContact(requested.buyerId(), requested.reservationId(), contact))
                        .stream())
                .findFirst()
                .map(contact -> contact.<Recipient>map(Recipient.Given::new).orElseGet(Recipient.Erased::new))
                .orElseGet(Recipient.Unknown::new);
    }
}
