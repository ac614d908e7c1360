package dev.onsale.api.view;

import dev.onsale.api.PerformanceId;
import java.util.Map;

/**
 * A seat map for people: many times the size of {@link SeatMapView}, readable without the seating plan.
 *
 * @param performanceId which performance
 * @param version log position of the newest seat fact in it, 0 before the first
 * @param counts sums of {@code seats}
 * @param seats state by seat label, in the order of the plan
 */
public record LabelledSeatMapView(
        PerformanceId performanceId, long version, SeatCounts counts, Map<String, SeatState> seats) {}
