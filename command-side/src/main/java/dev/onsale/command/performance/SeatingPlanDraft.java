package dev.onsale.command.performance;

import dev.onsale.api.SeatLabel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of a plan as they were sent, in which positions may be missing. */
final class SeatingPlanDraft {

    private SeatingPlanDraft() {}

    record Point(double x, double y) {}

    record Zone(String name, @Nullable Point position, List<Row> rows) {}

    record Row(String number, @Nullable Point position, List<Seat> seats) {}

    record Seat(
            SeatLabel label,
            String number,
            int category,
            @Nullable Point position) {}
}
