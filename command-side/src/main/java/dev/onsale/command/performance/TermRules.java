package dev.onsale.command.performance;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Texts;
import dev.onsale.api.performance.LatestInstants;
import java.time.Duration;
import java.time.Instant;

/** What the terms of a performance must look like, when it is scheduled and when they change. */
final class TermRules {

    private static final int TITLE_LENGTH_MAX = 200;
    private static final int SEATS_PER_BUYER_MAX = 50;
    private static final Duration HOLD_MIN = Duration.ofSeconds(1);
    private static final Duration HOLD_MAX = Duration.ofHours(1);

    private TermRules() {}

    static void requireTitle(String title) {
        RefusedException.require(
                Texts.isText(title, TITLE_LENGTH_MAX),
                RefusalCode.INVALID_REQUEST,
                "A title has 1 to " + TITLE_LENGTH_MAX + " characters");
    }

    static void requireLimit(int maxSeatsPerBuyer) {
        RefusedException.require(
                maxSeatsPerBuyer >= 1 && maxSeatsPerBuyer <= SEATS_PER_BUYER_MAX,
                RefusalCode.INVALID_REQUEST,
                "maxSeatsPerBuyer is 1 to " + SEATS_PER_BUYER_MAX);
    }

    static void requireHoldDuration(Duration holdDuration) {
        RefusedException.require(
                holdDuration.compareTo(HOLD_MIN) >= 0 && holdDuration.compareTo(HOLD_MAX) <= 0,
                RefusalCode.INVALID_REQUEST,
                "holdDuration is PT1S to PT1H");
    }

    /** The order of the instants. */
    static void requireWindow(Instant opensAt, Instant closesAt, LatestInstants latest) {
        RefusedException.require(
                opensAt.isBefore(closesAt), RefusalCode.INVALID_WINDOW, "The sale closes at or before it opens");
        RefusedException.require(
                !latest.holdingEndsAt().isAfter(latest.sellingEndsAt()),
                RefusalCode.INVALID_WINDOW,
                "holdingEndsAt is after sellingEndsAt");
        RefusedException.require(
                opensAt.isBefore(latest.holdingEndsAt()),
                RefusalCode.INVALID_WINDOW,
                "Seats can be held until " + latest.holdingEndsAt() + ", and the sale opens at or after that");
    }
}
