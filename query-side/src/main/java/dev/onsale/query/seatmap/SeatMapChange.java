package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.view.SeatState;
import java.util.Map;

/**
 * What a committed batch did to one seat map.
 *
 * @param factsBefore number of facts in the edition that it starts from
 * @param after the edition that it makes; the same if the batch held only what was known
 * @param seats new states by place in the plan
 */
record SeatMapChange(
        PerformanceId performanceId, long factsBefore, SeatMapVersion after, Map<Integer, SeatState> seats) {}
