package dev.onsale.command.reservation;

import dev.onsale.api.OperatorAction;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.Texts;
import dev.onsale.api.reservation.CancelReservation;
import java.util.LinkedHashSet;
import java.util.Set;

/** What a cancellation must look like. */
final class CancellationShape {

    private CancellationShape() {}

    /**
     * The seats that it names; empty for all.
     *
     * @throws RefusedException with {@code DUPLICATE_SEAT}
     */
    static Set<SeatLabel> seats(CancelReservation command) {
        Set<SeatLabel> named = new LinkedHashSet<>();
        for (SeatLabel seat : command.seats()) {
            if (!named.add(seat)) {
                throw new RefusedException(RefusalCode.DUPLICATE_SEAT, "Seat " + seat + " is named twice");
            }
        }
        return named;
    }

    /**
     * The reason of an operator who cancels for a buyer.
     *
     * @throws RefusedException with {@code INVALID_REQUEST}
     */
    static void requireReason(CancelReservation command) {
        String reason = command.reason();
        RefusedException.require(
                reason != null && Texts.isText(reason, OperatorAction.REASON_LENGTH_MAX),
                RefusalCode.INVALID_REQUEST,
                "An operator who cancels for a buyer gives a reason of 1 to " + OperatorAction.REASON_LENGTH_MAX
                        + " characters");
    }
}
