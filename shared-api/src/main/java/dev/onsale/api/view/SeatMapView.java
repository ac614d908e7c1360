package dev.onsale.api.view;

import dev.onsale.api.PerformanceId;

/**
 * Every seat of a performance, in the order of its seating plan: zones, rows, seats.
 *
 * @param performanceId which performance
 * @param version log position of the newest seat fact in it, 0 before the first
 * @param counts sums of {@code seats}
 * @param seats one letter a seat: {@code A} available, {@code H} held, {@code B} booked, {@code X} not for sale
 */
public record SeatMapView(PerformanceId performanceId, long version, SeatCounts counts, String seats) {}
