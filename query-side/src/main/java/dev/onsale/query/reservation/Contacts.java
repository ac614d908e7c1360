package dev.onsale.query.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.personal.SealedText;
import dev.onsale.api.view.ContactView;
import dev.onsale.api.view.ReservationView;
import dev.onsale.eventlog.personal.PersonalData;
import org.springframework.stereotype.Component;

/** Opens contact details for the buyer who gave them; the rows have them sealed. */
@Component
class Contacts {

    private final PersonalData personal;

    Contacts(PersonalData personal) {
        this.personal = personal;
    }

    /** A reservation as its own buyer sees it. */
    ReservationView ownView(PaidReservation paid) {
        String sealed = paid.reservation().sealedContact();
        ReservationView view = paid.view();
        return sealed == null
                ? view
                : view.with(
                        opened(BuyerId.of(paid.reservation().buyerId()), view.reservationId(), SealedText.of(sealed)));
    }

    private ContactView opened(BuyerId buyer, ReservationId reservation, SealedText sealed) {
        return personal.openContact(buyer, reservation, sealed)
                .map(given -> new ContactView(given.name(), given.email(), false))
                .orElse(ContactView.ERASED);
    }
}
