package dev.onsale.command.performance;

import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.command.performance.SeatingPlanDraft.Point;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a position to what has none. A seat is put next to the seat before it in its row. A row is put beneath the rows before
 * it in its zone. A zone stays at the origin unless it would overlap a zone that has its place; then it is put beneath all of
 * them. Positions that were sent are not changed.
 */
final class SeatingPlanLayout {

    /** Between two seats or rows that are laid out; the grid of the pretix editor. */
    private static final double PITCH = 25;

    private static final double ZONE_GAP = 2 * PITCH;

    private SeatingPlanLayout() {}

    static SeatingPlan of(
            String name,
            List<SeatingPlan.Category> categories,
            List<SeatingPlanDraft.Zone> zones,
            double width,
            double height) {
        List<Box> placed = new ArrayList<>();
        List<List<SeatingPlan.Row>> rows =
                zones.stream().map(zone -> rows(zone.rows())).toList();
        for (int index = 0; index < zones.size(); index++) {
            Point position = zones.get(index).position();
            if (position != null) {
                placed.add(Box.of(rows.get(index)).moved(position.x(), position.y()));
            }
        }
        List<SeatingPlan.Zone> laidOut = new ArrayList<>();
        for (int index = 0; index < zones.size(); index++) {
            SeatingPlanDraft.Zone zone = zones.get(index);
            Point position = zone.position();
            if (position == null) {
                Box box = Box.of(rows.get(index));
                position = free(box, placed);
                placed.add(box.moved(position.x(), position.y()));
            }
            laidOut.add(new SeatingPlan.Zone(zone.name(), position.x(), position.y(), rows.get(index)));
        }
        return new SeatingPlan(
                name,
                categories,
                laidOut,
                width > 0
                        ? width
                        : placed.stream()
                                .mapToDouble(Box::right)
                                .filter(Double::isFinite)
                                .max()
                                .orElse(0),
                height > 0
                        ? height
                        : placed.stream()
                                .mapToDouble(Box::bottom)
                                .filter(Double::isFinite)
                                .max()
                                .orElse(0));
    }

    private static Point free(Box box, List<Box> placed) {
        if (placed.stream().noneMatch(box::overlaps)) {
            return new Point(0, 0);
        }
        double bottom = placed.stream().mapToDouble(Box::bottom).max().orElse(0);
        return new Point(0, bottom + ZONE_GAP - box.top());
    }

    private static List<SeatingPlan.Row> rows(List<SeatingPlanDraft.Row> drafts) {
        List<SeatingPlan.Row> rows = new ArrayList<>();
        double bottom = Double.NEGATIVE_INFINITY;
        for (SeatingPlanDraft.Row draft : drafts) {
            List<SeatingPlan.Seat> seats = seats(draft.seats());
            Box box = Box.of(List.of(new SeatingPlan.Row("", 0, 0, seats)));
            Point position = draft.position();
            if (position == null) {
                position = new Point(0, bottom > Double.NEGATIVE_INFINITY && !box.isEmpty() ? bottom - box.top() : 0);
            }
            bottom = Math.max(bottom, box.bottom() + position.y());
            rows.add(new SeatingPlan.Row(draft.number(), position.x(), position.y(), seats));
        }
        return rows;
    }

    private static List<SeatingPlan.Seat> seats(List<SeatingPlanDraft.Seat> drafts) {
        List<SeatingPlan.Seat> seats = new ArrayList<>();
        @Nullable Point last = null;
        for (SeatingPlanDraft.Seat draft : drafts) {
            Point position = draft.position();
            if (position == null) {
                position = last == null ? new Point(0, 0) : new Point(last.x() + PITCH, last.y());
            }
            last = position;
            seats.add(
                    new SeatingPlan.Seat(draft.label(), draft.number(), draft.category(), position.x(), position.y()));
        }
        return seats;
    }

    /** What seats cover, each with half the pitch around it; without seats the edges are infinite. */
    private record Box(double left, double top, double right, double bottom) {

        static Box of(List<SeatingPlan.Row> rows) {
            double left = Double.POSITIVE_INFINITY;
            double top = Double.POSITIVE_INFINITY;
            double right = Double.NEGATIVE_INFINITY;
            double bottom = Double.NEGATIVE_INFINITY;
            for (SeatingPlan.Row row : rows) {
                for (SeatingPlan.Seat seat : row.seats()) {
                    left = Math.min(left, row.x() + seat.x() - PITCH / 2);
                    top = Math.min(top, row.y() + seat.y() - PITCH / 2);
                    right = Math.max(right, row.x() + seat.x() + PITCH / 2);
                    bottom = Math.max(bottom, row.y() + seat.y() + PITCH / 2);
                }
            }
            return new Box(left, top, right, bottom);
        }

        boolean isEmpty() {
            return left > right;
        }

        Box moved(double x, double y) {
            return new Box(left + x, top + y, right + x, bottom + y);
        }

        boolean overlaps(Box other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }
    }
}
