package dev.onsale.query.performance;

import dev.onsale.query.seatmap.SeatMapRow;

/** A performance with the sums of its seats, in one query. */
record PerformanceWithCounts(PerformanceRow performance, SeatMapRow seats) {}
