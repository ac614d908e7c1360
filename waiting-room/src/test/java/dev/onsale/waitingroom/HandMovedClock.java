package dev.onsale.waitingroom;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** Time moves only by hand. */
public final class HandMovedClock extends Clock {

    public static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final AtomicLong nowMillis = new AtomicLong(NOON.toEpochMilli());

    public void advance(Duration duration) {
        nowMillis.addAndGet(duration.toMillis());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMillis.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("The waiting room reads instants alone");
    }
}
