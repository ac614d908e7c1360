package dev.onsale.saga.notification;

import dev.onsale.api.BuyerId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.api.reservation.BookingRevoked;
import dev.onsale.api.reservation.CallOffReservation;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.PaymentFailed;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationPartlyCancelled;
import dev.onsale.eventlog.EventJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A notice for a buyer.
 *
 * @param id identifier of the fact: telling it twice is telling it once
 * @param type logical type of the fact
 */
record Notice(String id, String type, BuyerId buyerId, ReservationId reservationId, String subject, String text) {

    /**
     * The notice of an event; empty for events without a notice, and for types that this version does not know.
     *
     * @throws RuntimeException if the record claims to be a known fact and cannot be read as one
     */
    static Optional<Notice> of(ConsumerRecord<String, byte @Nullable []> record) {
        String type = header(record, Topics.HEADER_TYPE);
        int version = type.lastIndexOf(".v");
        Class<? extends OnsaleEvent> known = version < 0 ? null : EventCatalogue.classOf(type.substring(0, version));
        byte[] value = record.value();
        if (known == null || value == null) {
            return Optional.empty();
        }
        return of(
                header(record, Topics.HEADER_ID),
                type,
                EventJson.read(type.substring(0, version), Integer.parseInt(type.substring(version + 2)), value));
    }

    private static Optional<Notice> of(String id, String type, OnsaleEvent fact) {
        return switch (fact) {
            case ReservationConfirmed done ->
                Optional.of(new Notice(
                        id,
                        type,
                        done.buyerId(),
                        done.reservationId(),
                        "Your seats are booked",
                        "Booked for you: "
                                + done.seats().stream()
                                        .map(HeldSeat::seat)
                                        .map(Object::toString)
                                        .collect(Collectors.joining(", "))
                                + ".\nReservation " + done.reservationId() + ", total " + done.total() + ".\n"));
            case PaymentFailed failed ->
                Optional.of(new Notice(
                        id,
                        type,
                        failed.buyerId(),
                        failed.reservationId(),
                        "Your payment came to nothing",
                        "No money was taken (" + failed.reason()
                                + "). You may pay again while the hold lasts.\nReservation " + failed.reservationId()
                                + ".\n"));
            case ReservationExpired expired ->
                Optional.of(new Notice(
                        id,
                        type,
                        expired.buyerId(),
                        expired.reservationId(),
                        "Your reservation has expired",
                        "The hold ended without a booking; the seats are on sale again.\nReservation "
                                + expired.reservationId() + ".\n"));
            case ReservationCancelled cancelled ->
                Optional.of(new Notice(
                        id,
                        type,
                        cancelled.buyerId(),
                        cancelled.reservationId(),
                        "Your reservation is cancelled",
                        because(cancelled.reason())
                                + (cancelled.refundOf() == null ? "Nothing was paid." : "What you paid comes back.")
                                + "\nReservation " + cancelled.reservationId() + ".\n"));
            case ReservationPartlyCancelled part ->
                Optional.of(new Notice(
                        id,
                        type,
                        part.buyerId(),
                        part.reservationId(),
                        "Some of your seats are cancelled",
                        because(part.reason())
                                + "Cancelled: "
                                + part.seats().stream().map(Object::toString).collect(Collectors.joining(", "))
                                + ". Your other seats stay.\n"
                                + (part.refund() == null ? "Nothing was paid." : "You get back " + part.refund() + ".")
                                + "\nReservation " + part.reservationId() + ".\n"));
            case BookingRevoked revoked -> Optional.of(revoked(id, type, revoked));
            default -> Optional.empty();
        };
    }

    private static Notice revoked(String id, String type, BookingRevoked revoked) {
        boolean isCalledOff = revoked.reason().equals(CallOffReservation.REASON);
        String text = isCalledOff
                ? because(revoked.reason()) + "What you paid comes back.\n"
                : "The money could not be taken (" + revoked.reason() + "), so the seats are on sale again.\n";
        return new Notice(
                id,
                type,
                revoked.buyerId(),
                revoked.reservationId(),
                isCalledOff ? "The show is called off" : "Your booking could not be kept",
                text + "Reservation " + revoked.reservationId() + ".\n");
    }

    /** Why somebody else cancelled; nothing if the buyer did. */
    private static String because(@Nullable String reason) {
        if (reason == null) {
            return "";
        }
        return reason.equals(CallOffReservation.REASON)
                ? "The show was called off.\n"
                : "The organiser cancelled: " + reason + "\n";
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
