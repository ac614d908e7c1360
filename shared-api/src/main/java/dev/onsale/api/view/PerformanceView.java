package dev.onsale.api.view;

import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A performance as a buyer sees it.
 *
 * @param performanceId which one
 * @param title its name
 * @param hall name of the hall
 * @param startsAt when the curtain rises
 * @param sale whether seats can be held now
 * @param saleOpensAt first instant of the sale window
 * @param saleClosesAt first instant after the sale window
 * @param holdingEndsAt first instant at which seats can no longer be held, if it is before the window's end
 * @param sellingEndsAt no hold lasts longer
 * @param cancellableUntil first instant at which the buyer can no longer cancel a booking
 * @param maxSeatsPerBuyer seats one person may hold and own together
 * @param holdDuration how long a hold lasts
 * @param waitingRoom whether only admitted visitors may hold seats
 * @param prices price of one seat by category, for holds that are made now, in the order of the operator
 * @param seats how many are left
 * @param giveBackUntil until when tickets can be given back because the show was postponed; absent if it was not
 * @param revision number of changes of its terms so far
 */
public record PerformanceView(
        PerformanceId performanceId,
        String title,
        String hall,
        Instant startsAt,
        SaleState sale,
        Instant saleOpensAt,
        Instant saleClosesAt,
        Instant holdingEndsAt,
        Instant sellingEndsAt,
        Instant cancellableUntil,
        int maxSeatsPerBuyer,
        Duration holdDuration,
        boolean waitingRoom,
        Map<String, Money> prices,
        SeatCounts seats,
        @Nullable Instant giveBackUntil,
        int revision) {}
