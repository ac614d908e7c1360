package dev.onsale.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries a refusal out of a command handler. It has no stack trace: in a stampede "no" is the most common answer. */
public final class RefusedException extends RuntimeException {

    private final RefusalCode code;
    // Exceptions are serializable; a Duration is too.
    private final @Nullable Duration retryAfter;
    private final transient List<Fault> faults;
    private final int faultCount;

    public RefusedException(RefusalCode code, String detail) {
        this(code, detail, null);
    }

    /**
     * @param retryAfter from when another try may be worth it; absent if that is not known
     */
    public RefusedException(RefusalCode code, String detail, @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.code = code;
        this.retryAfter = retryAfter;
        this.faults = List.of();
        this.faultCount = 0;
    }

    /**
     * @param faults everything that is wrong with the request, at most {@link Fault#REPORTED_MAX}
     * @param faultCount how many there are in all
     */
    public RefusedException(RefusalCode code, String detail, List<Fault> faults, int faultCount) {
        super(detail, null, false, false);
        this.code = code;
        this.retryAfter = null;
        this.faults = List.copyOf(faults);
        this.faultCount = faultCount;
    }

    private RefusedException(RefusalCode code, String detail, Throwable cause, @Nullable Duration retryAfter) {
        super(detail, cause, false, false);
        this.code = code;
        this.retryAfter = retryAfter;
        this.faults = List.of();
        this.faultCount = 0;
    }

    /** Refuses with the code unless the condition holds. */
    public static void require(boolean holds, RefusalCode code, String detail) {
        if (!holds) {
            throw new RefusedException(code, detail);
        }
    }

    /** Names the seat as {@code place} of the one fault, for clients that keep the rest of their choice. */
    public static RefusedException seatTaken(SeatLabel seat) {
        return new RefusedException(
                RefusalCode.SEAT_TAKEN, "Seat " + seat + " is taken", List.of(new Fault(seat.toString(), "taken")), 1);
    }

    /** As {@link #seatTaken}, for a seat that is off sale. */
    public static RefusedException seatBlocked(SeatLabel seat) {
        return new RefusedException(
                RefusalCode.SEAT_BLOCKED,
                "Seat " + seat + " is not for sale now",
                List.of(new Fault(seat.toString(), "blocked")),
                1);
    }

    /** Names the seat as {@code place} of the one fault and the instant of its use as the {@code problem}. */
    public static RefusedException ticketUsed(SeatLabel seat, Instant usedAt) {
        return new RefusedException(
                RefusalCode.TICKET_USED,
                "The ticket of seat " + seat + " was used at " + usedAt,
                List.of(new Fault(seat.toString(), usedAt.toString())),
                1);
    }

    /** A refusal because of a failure. The cause is for the log; clients do not see it. */
    public static RefusedException causedBy(Throwable cause, RefusalCode code, String detail) {
        return new RefusedException(code, detail, cause, null);
    }

    /** What is wrong with the request, part by part; empty if the detail says it all. */
    public List<Fault> faults() {
        return faults;
    }

    public int faultCount() {
        return faultCount;
    }

    public RefusalCode code() {
        return code;
    }

    /** One sentence for a person; programs go by {@link #code()}. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
