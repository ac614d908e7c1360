package dev.onsale.planted.decision;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.Date;

/** Reads the system clock in every forbidden way, and a {@link java.time.Clock} in the allowed way. */
@SuppressWarnings({"JavaUtilDate", "TimeZoneUsage"}) // The violations to find.
public class ReadsTheWallClock {

    Instant asInstant() {
        return Instant.now();
    }

    LocalDate asLocalDate() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    long asMillis() {
        return System.currentTimeMillis();
    }

    Date asDate() {
        return new Date();
    }

    Calendar asCalendar() {
        return Calendar.getInstance();
    }

    Clock asClock() {
        return Clock.systemUTC();
    }

    Clock asTicks() {
        return Clock.tickMillis(ZoneOffset.UTC);
    }

    Instant fine(Clock clock) {
        return Instant.now(Clock.tick(clock, Duration.ofSeconds(1)));
    }
}
