package dev.onsale.waitingroom.room;

import dev.onsale.api.InvalidValueException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Capacity, rate and schedule of one waiting room. An absent setting gets its default.
 *
 * @param activeLimit visitors inside at the same time, 1 to 1,000,000
 * @param admitPerSecond admissions per second, 1 to 5,000; the autopilot stays below it
 * @param activeSeconds how long a place inside lasts in seconds, 1 to 3,600; counted from the admission and again from
 *     the entry
 * @param tokenSeconds validity of an admission token in seconds, 1 to 600
 * @param preQueueOpensAt instant from which visitors may join; without it at once
 * @param opensAt instant at which the visitors of the pre-queue are put in random order and admission begins; without
 *     it admission begins at once, in order of arrival
 * @param closesAt instant from which nobody may join or is admitted; without it never
 * @param joinsPerAddress joins of one network address within {@code addressSeconds}, 0 to 1,000,000; 0: no limit
 * @param addressSeconds period of {@code joinsPerAddress} in seconds, 1 to 86,400
 * @param proofOfWork largest number of attempts that the proof of work of a join takes, 0 to 10,000,000; 0: none
 * @param intake way of a join: {@code direct} goes to Redis at once, {@code kafka} goes through the topic {@code
 *     waiting-room-joins}
 * @param autopilot whether the rate of admission follows the load of the command side
 */
public record RoomSettings(
        @Nullable Integer activeLimit,
        @Nullable Integer admitPerSecond,
        @Nullable Integer activeSeconds,
        @Nullable Integer tokenSeconds,
        @Nullable Instant preQueueOpensAt,
        @Nullable Instant opensAt,
        @Nullable Instant closesAt,
        @Nullable Integer joinsPerAddress,
        @Nullable Integer addressSeconds,
        @Nullable Integer proofOfWork,
        @Nullable Intake intake,
        @Nullable Boolean autopilot) {

    /** Load that a database with 1,000 transactions per second can take from buyers who act every ten seconds. */
    static final int ACTIVE_LIMIT_DEFAULT = 10_000;

    static final int ADMIT_PER_SECOND_DEFAULT = 700;
    public static final int ACTIVE_SECONDS_DEFAULT = 300;
    public static final int TOKEN_SECONDS_DEFAULT = 600;
    static final int ADDRESS_SECONDS_DEFAULT = 600;

    static final int ACTIVE_LIMIT_MAX = 1_000_000;
    static final int ADMIT_PER_SECOND_MAX = 5_000;
    static final int ACTIVE_SECONDS_MAX = 3_600;
    static final int TOKEN_SECONDS_MAX = 600;
    static final int JOINS_PER_ADDRESS_MAX = 1_000_000;
    static final int ADDRESS_SECONDS_MAX = 86_400;
    static final int PROOF_OF_WORK_MAX = 10_000_000;

    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    public enum Intake {
        DIRECT,
        KAFKA
    }

    public RoomSettings {
        activeLimit = within("activeLimit", activeLimit, 1, ACTIVE_LIMIT_DEFAULT, ACTIVE_LIMIT_MAX);
        admitPerSecond = within("admitPerSecond", admitPerSecond, 1, ADMIT_PER_SECOND_DEFAULT, ADMIT_PER_SECOND_MAX);
        activeSeconds = within("activeSeconds", activeSeconds, 1, ACTIVE_SECONDS_DEFAULT, ACTIVE_SECONDS_MAX);
        tokenSeconds = within("tokenSeconds", tokenSeconds, 1, TOKEN_SECONDS_DEFAULT, TOKEN_SECONDS_MAX);
        joinsPerAddress = within("joinsPerAddress", joinsPerAddress, 0, 0, JOINS_PER_ADDRESS_MAX);
        addressSeconds = within("addressSeconds", addressSeconds, 1, ADDRESS_SECONDS_DEFAULT, ADDRESS_SECONDS_MAX);
        proofOfWork = within("proofOfWork", proofOfWork, 0, 0, PROOF_OF_WORK_MAX);
        intake = intake == null ? Intake.DIRECT : intake;
        autopilot = autopilot != null && autopilot;
        requireOrder("preQueueOpensAt", preQueueOpensAt, "opensAt", opensAt);
        requireOrder("opensAt", opensAt, "closesAt", closesAt);
        requireOrder("preQueueOpensAt", preQueueOpensAt, "closesAt", closesAt);
    }

    public static RoomSettings defaults() {
        return new RoomSettings(null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** The value of a setting, to which the constructor gave its default. */
    public static int set(@Nullable Integer setting) {
        if (setting == null) {
            throw new IllegalStateException("Every setting has a default");
        }
        return setting;
    }

    /**
     * Milliseconds since 1970, 0 for null. Stored dates outside of the years 1970 to 9999 count as the nearest one
     * within.
     */
    public static long millis(@Nullable Instant instant) {
        if (instant == null) {
            return 0;
        }
        Instant bounded = instant.isAfter(LATEST) ? LATEST : instant.isBefore(EARLIEST) ? EARLIEST : instant;
        return Math.max(1, bounded.toEpochMilli());
    }

    /** For new settings only; older stored settings may have any year. */
    RoomSettings requireYears() {
        requireYear("preQueueOpensAt", preQueueOpensAt);
        requireYear("opensAt", opensAt);
        requireYear("closesAt", closesAt);
        return this;
    }

    private static void requireYear(String name, @Nullable Instant instant) {
        if (instant != null && (instant.isBefore(EARLIEST) || instant.isAfter(LATEST))) {
            throw new InvalidValueException(name + " must be in the years 1970 to 9999");
        }
    }

    private static void requireOrder(String earlier, @Nullable Instant first, String later, @Nullable Instant second) {
        if (first != null && second != null && !first.isBefore(second)) {
            throw new InvalidValueException(earlier + " must be before " + later);
        }
    }

    private static Integer within(String name, @Nullable Integer value, int min, int byDefault, int max) {
        if (value == null) {
            return byDefault;
        }
        if (value < min || value > max) {
            throw new InvalidValueException(name + " must be a whole number from " + min + " to " + max);
        }
        return value;
    }
}
