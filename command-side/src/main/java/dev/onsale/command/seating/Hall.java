package dev.onsale.command.seating;

import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.SeatingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A seating plan with its seats numbered as places, the best row first: zones in the order of the plan, within a zone the rows by
 * their printed number, which counts from the stage, and without such numbers in the order of the plan. Neighbours within a row
 * have neighbouring places; an aisle parts them.
 */
final class Hall {

    /** Stands for all categories. */
    static final int ANY = -1;

    /** Neighbours further apart than this times the row's usual (lower quartile) distance have an aisle between them. */
    private static final double AISLE = 1.5;

    private final List<String> categories;
    private final boolean[] offered;
    private final SeatLabel[] labels;
    private final byte[] categoryOf;
    private final int[] rowStart;
    private final int[] rowOf;
    private final int[] zoneOfRow;
    private final BitSet lastBeforeAisle = new BitSet();
    private final Map<SeatLabel, Integer> placeOf;
    private final int[] allRows;
    private final int[][] rowsOfCategory;

    Hall(SeatingPlan plan) {
        categories = plan.categories().stream().map(SeatingPlan.Category::name).toList();
        offered = new boolean[categories.size()];
        for (int category = 0; category < offered.length; category++) {
            offered[category] = plan.categories().get(category).offered();
        }
        List<SeatingPlan.Row> rows = new ArrayList<>();
        List<Integer> zones = new ArrayList<>();
        for (int zone = 0; zone < plan.zones().size(); zone++) {
            for (SeatingPlan.Row row : bestFirst(plan.zones().get(zone).rows())) {
                rows.add(row);
                zones.add(zone);
            }
        }
        int seats = rows.stream().mapToInt(row -> row.seats().size()).sum();
        labels = new SeatLabel[seats];
        categoryOf = new byte[seats];
        rowOf = new int[seats];
        rowStart = new int[rows.size() + 1];
        zoneOfRow = zones.stream().mapToInt(Integer::intValue).toArray();
        placeOf = HashMap.newHashMap(seats);
        List<List<Integer>> byCategory = new ArrayList<>();
        categories.forEach(category -> byCategory.add(new ArrayList<>()));
        int place = 0;
        for (int row = 0; row < rows.size(); row++) {
            rowStart[row] = place;
            Set<Integer> inRow = new HashSet<>();
            for (SeatingPlan.Seat seat : rows.get(row).seats()) {
                labels[place] = seat.label();
                categoryOf[place] = (byte) seat.category();
                rowOf[place] = row;
                inRow.add(seat.category());
                placeOf.put(seat.label(), place++);
            }
            for (int category : inRow) {
                byCategory.get(category).add(row);
            }
            markAisles(rows.get(row).seats(), rowStart[row]);
        }
        rowStart[rows.size()] = place;
        allRows = new int[rows.size()];
        Arrays.setAll(allRows, row -> row);
        rowsOfCategory = byCategory.stream()
                .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    private static List<SeatingPlan.Row> bestFirst(List<SeatingPlan.Row> rows) {
        Set<Integer> numbers = new HashSet<>();
        for (SeatingPlan.Row row : rows) {
            if (!row.number().matches("[0-9]{1,6}") || !numbers.add(Integer.valueOf(row.number()))) {
                return rows;
            }
        }
        return rows.stream()
                .sorted(Comparator.comparing(row -> Integer.valueOf(row.number())))
                .toList();
    }

    private void markAisles(List<SeatingPlan.Seat> seats, int start) {
        if (seats.isEmpty()) {
            return;
        }
        lastBeforeAisle.set(start + seats.size() - 1);
        double[] distances = new double[seats.size() - 1];
        for (int index = 0; index < distances.length; index++) {
            SeatingPlan.Seat seat = seats.get(index);
            SeatingPlan.Seat next = seats.get(index + 1);
            distances[index] = Math.hypot(next.x() - seat.x(), next.y() - seat.y());
        }
        double[] sorted = distances.clone();
        Arrays.sort(sorted);
        double usual = sorted.length == 0 ? 0 : sorted[(sorted.length - 1) / 4];
        for (int index = 0; index < distances.length; index++) {
            // A plan without positions has no aisles that anybody could know of.
            if (usual > 0 && distances[index] > AISLE * usual) {
                lastBeforeAisle.set(start + index);
            }
        }
    }

    int seats() {
        return labels.length;
    }

    int rows() {
        return allRows.length;
    }

    /** The rows that have seats of the category, best first. */
    int[] rowsOf(int category) {
        return category == ANY ? allRows : rowsOfCategory[category];
    }

    int firstOf(int row) {
        return rowStart[row];
    }

    /** The first place after the row. */
    int endOf(int row) {
        return rowStart[row + 1];
    }

    int rowOf(int place) {
        return rowOf[place];
    }

    int zoneOf(int row) {
        return zoneOfRow[row];
    }

    /** The first place that is no neighbour any more of this one's neighbours on this side of the aisle. */
    int benchEnd(int place) {
        return lastBeforeAisle.nextSetBit(place) + 1;
    }

    int categoryOf(int place) {
        return categoryOf[place];
    }

    /** Whether the place is for sale. */
    boolean isOffered(int place) {
        return offered[categoryOf[place]];
    }

    boolean isOf(int category, int place) {
        return category == ANY || categoryOf[place] == category;
    }

    SeatLabel label(int place) {
        return labels[place];
    }

    @Nullable
    Integer placeOf(SeatLabel label) {
        return placeOf.get(label);
    }

    int categories() {
        return categories.size();
    }

    /** The number of a category, {@link #ANY} for none, or {@code null} if the plan does not have it. */
    @Nullable
    Integer category(@Nullable String name) {
        if (name == null) {
            return ANY;
        }
        int index = categories.indexOf(name);
        return index < 0 ? null : Integer.valueOf(index);
    }
}
