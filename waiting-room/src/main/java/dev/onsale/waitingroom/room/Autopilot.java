package dev.onsale.waitingroom.room;

import dev.onsale.waitingroom.key.SaleId;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Admission rate of rooms with autopilot: rises a little each second while the command side keeps up, falls by a third
 * as soon as it does not. At most the rate of the room, at least one per second.
 */
@Component
public class Autopilot {

    private static final long STEP_MILLIS = 1_000;
    private static final double STEP_UP_OF_LIMIT = 0.05;
    private static final double STEP_DOWN = 0.67;

    private final @Nullable SalesLoad load;
    private final WaitingRoomProperties properties;
    private final Clock clock;
    private final Map<SaleId, Rate> rates = new ConcurrentHashMap<>();

    private record Rate(long at, double perSecond) {}

    public Autopilot(ObjectProvider<SalesLoad> load, WaitingRoomProperties properties, Clock clock) {
        this.load = load.getIfAvailable();
        this.properties = properties;
        this.clock = clock;
    }

    public int perSecond(RoomDefinition room) {
        int limit = RoomSettings.set(room.settings().admitPerSecond());
        SalesLoad measured = load;
        if (measured == null || !Boolean.TRUE.equals(room.settings().autopilot())) {
            return limit;
        }
        Rate rate = rates.compute(room.sale(), (sale, before) -> next(before, limit, measured));
        return (int) Math.max(1, Math.min(limit, rate.perSecond()));
    }

    private Rate next(@Nullable Rate before, int limit, SalesLoad measured) {
        long now = clock.millis();
        if (before == null) {
            return new Rate(now, limit);
        }
        if (now - before.at() < STEP_MILLIS) {
            return before;
        }
        boolean tooMuch = measured.queueDepth() > properties.autopilotQueueDepth()
                || measured.latency().compareTo(properties.autopilotLatency()) > 0
                || measured.readModelLag().compareTo(properties.autopilotReadModelLag()) > 0;
        double next =
                tooMuch ? before.perSecond() * STEP_DOWN : before.perSecond() + Math.max(1, limit * STEP_UP_OF_LIMIT);
        return new Rate(now, Math.max(1, Math.min(limit, next)));
    }
}
