package dev.onsale.command.reservation;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What an order of seats must look like. The same rules refuse a request early and decide in the end. */
final class HoldShape {

    private HoldShape() {}

    /**
     * @throws RefusedException with {@code INVALID_REQUEST}, {@code TOO_MANY_SEATS} or {@code DUPLICATE_SEAT}
     */
    static void requireSeats(Collection<SeatLabel> seats, int seatsMax) {
        requireNumber(seats.size(), seatsMax, "Name at least one seat");
        Set<SeatLabel> named = new HashSet<>();
        for (SeatLabel seat : seats) {
            if (!named.add(seat)) {
                throw new RefusedException(RefusalCode.DUPLICATE_SEAT, "Seat " + seat + " is named twice");
            }
        }
    }

    /**
     * @param category absent for any
     * @throws RefusedException with {@code INVALID_REQUEST}, {@code TOO_MANY_SEATS} or {@code UNKNOWN_PRICE_ZONE}
     */
    static void requireBest(int quantity, @Nullable String category, int seatsMax, Predicate<String> isCategory) {
        requireNumber(quantity, seatsMax, "Ask for at least one seat");
        if (category != null && !isCategory.test(category)) {
            throw new RefusedException(RefusalCode.UNKNOWN_PRICE_ZONE, "The seating plan has no category " + category);
        }
    }

    private static void requireNumber(int seats, int seatsMax, String whenNone) {
        if (seats < 1) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, whenNone);
        }
        if (seats > seatsMax) {
            throw new RefusedException(RefusalCode.TOO_MANY_SEATS, "A reservation has at most " + seatsMax + " seats");
        }
    }

    static RefusedException notEnoughSeats(int quantity, @Nullable String category) {
        return new RefusedException(
                RefusalCode.NOT_ENOUGH_SEATS,
                "There are no " + quantity + " free seats" + (category == null ? "" : " of category " + category));
    }
}
