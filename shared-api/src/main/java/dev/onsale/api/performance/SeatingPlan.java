package dev.onsale.api.performance;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.onsale.api.SeatLabel;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The numbered seats of a hall, in the order of the plan. Read from the pretix seating-plan format; positions are in the
 * units of that file, for drawing only.
 *
 * @param name name of the hall
 * @param categories the categories a seat may name, by index
 * @param zones blocks of the hall
 * @param width width of the drawing
 * @param height height of the drawing
 */
public record SeatingPlan(String name, List<Category> categories, List<Zone> zones, double width, double height) {

    /** The same plan, in which only the named categories are for sale. */
    public SeatingPlan offering(Set<String> names) {
        return new SeatingPlan(
                name,
                categories.stream()
                        .map(category -> new Category(
                                category.name(), category.color(), names.contains(category.name()) ? null : true))
                        .toList(),
                zones,
                width,
                height);
    }

    /** Every seat, in the order of the plan. */
    public Stream<Seat> seats() {
        return zones.stream().flatMap(zone -> zone.rows().stream()).flatMap(row -> row.seats().stream());
    }

    public boolean hasCategory(String category) {
        return categories.stream().anyMatch(one -> one.name().equals(category));
    }

    /** Whether the seat's category has a price. */
    public boolean offers(Seat seat) {
        return categories.get(seat.category()).offered();
    }

    /** The most seats one plan may have. */
    public static final int SEATS_MAX = 100_000;

    public SeatingPlan {
        categories = List.copyOf(categories);
        zones = List.copyOf(zones);
    }

    /**
     * @param name the name that prices refer to
     * @param color colour for drawing, as in {@code #E87722}
     * @param notForSale true if it has no price; absent if its seats are sold
     */
    public record Category(
            String name,
            String color,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean notForSale) {

        public Category(String name, String color) {
            this(name, color, null);
        }

        /** Whether its seats are sold. */
        public boolean offered() {
            return !Boolean.TRUE.equals(notForSale);
        }
    }

    /**
     * @param name name of the block
     * @param x offset of the block in the drawing
     * @param y offset of the block in the drawing
     */
    public record Zone(String name, double x, double y, List<Row> rows) {
        public Zone {
            rows = List.copyOf(rows);
        }
    }

    /**
     * @param number the row's number as printed, "" if it has none
     * @param x offset of the row in its zone
     * @param y offset of the row in its zone
     */
    public record Row(String number, double x, double y, List<Seat> seats) {
        public Row {
            seats = List.copyOf(seats);
        }
    }

    /**
     * @param label names the seat within the hall
     * @param number the seat's number as printed
     * @param category index into {@link SeatingPlan#categories()}
     * @param x offset of the seat in its row
     * @param y offset of the seat in its row
     */
    public record Seat(SeatLabel label, String number, int category, double x, double y) {}
}
