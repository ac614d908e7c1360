package dev.onsale.query.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.personal.SealedText;
import dev.onsale.api.view.ContactView;
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.api.view.PaymentView;
import dev.onsale.api.view.ReservationView;
import dev.onsale.eventlog.personal.PersonalData;
import org.springframework.stereotype.Component;

/** Opens contact details and the payment's client secret for their buyer; the rows have them sealed. */
@Component
class Contacts {

    private final PersonalData personal;

    Contacts(PersonalData personal) {
        this.personal = personal;
    }

    /** A reservation as its own buyer sees it. */
    ReservationView ownView(PaidReservation paid) {
        String sealed = paid.reservation().sealedContact();
        ReservationView view = withClientSecret(paid);
        return sealed == null
                ? view
                : view.with(
                        opened(BuyerId.of(paid.reservation().buyerId()), view.reservationId(), SealedText.of(sealed)));
    }

    /** An erased secret is missing: who cannot authenticate pays again. */
    private ReservationView withClientSecret(PaidReservation paid) {
        ReservationView view = paid.view();
        PaymentView payment = view.payment();
        String sealed = paid.payment() == null ? null : paid.payment().sealedClientSecret();
        if (payment == null || payment.status() != PaymentStatus.ACTION_REQUIRED || sealed == null) {
            return view;
        }
        return personal.openClientSecret(
                        BuyerId.of(paid.reservation().buyerId()), view.reservationId(), SealedText.of(sealed))
                .map(secret -> view.with(payment.with(secret)))
                .orElse(view);
    }

    private ContactView opened(BuyerId buyer, ReservationId reservation, SealedText sealed) {
        return personal.openContact(buyer, reservation, sealed)
                .map(given -> new ContactView(given.name(), given.email(), false))
                .orElse(ContactView.ERASED);
    }
}
