package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.view.SeatCounts;
import dev.onsale.api.view.SeatMapView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;
import tools.jackson.databind.json.JsonMapper;

/** Takes a viewer from one edition of a map to a later one: the whole map, or the seats that changed. */
final class SeatMapUpdate {

    static final String WHOLE = "seat-map";
    static final String CHANGES = "seats";

    /** Beyond this part of the seats the whole map is shorter than its changes. */
    private static final int WHOLE_FROM_ONE_IN = 12;

    private final @Nullable SeatMapVersion from;
    private final SeatMapVersion to;
    private final ServerSentEvent<String> event;

    private SeatMapUpdate(@Nullable SeatMapVersion from, SeatMapVersion to, ServerSentEvent<String> event) {
        this.from = from;
        this.to = to;
        this.event = event;
    }

    /**
     * What changed.
     *
     * @param seats new states by place in the plan, from 0, as letters
     */
    private record Changes(PerformanceId performanceId, long version, SeatCounts counts, Map<Integer, String> seats) {}

    static SeatMapUpdate of(JsonMapper json, PerformanceId id, @Nullable SeatMap before, SeatMap after) {
        SeatMapVersion to = after.edition();
        Map<Integer, String> seats = before == null ? Map.of() : changes(before, after);
        boolean whole = before == null || seats.size() > after.seats() / WHOLE_FROM_ONE_IN;
        Object data = whole
                ? new SeatMapView(id, to.version(), after.counts(), after.letters())
                : new Changes(id, to.version(), after.counts(), seats);
        return new SeatMapUpdate(
                before == null ? null : before.edition(),
                to,
                ServerSentEvent.builder(json.writeValueAsString(data))
                        .event(whole ? WHOLE : CHANGES)
                        .id(to.id())
                        .build());
    }

    private static Map<Integer, String> changes(SeatMap before, SeatMap after) {
        Map<Integer, String> changes = new LinkedHashMap<>();
        for (int index = 0; index < after.seats(); index++) {
            if (before.state(index) != after.state(index)) {
                changes.put(index, String.valueOf(after.letter(index)));
            }
        }
        return changes;
    }

    boolean leads(@Nullable SeatMapVersion before, SeatMapVersion after) {
        return to.equals(after) && Objects.equals(from, before);
    }

    ServerSentEvent<String> event() {
        return event;
    }
}
