package dev.onsale.command.seating;

import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.SeatingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Halls for tests: drawn by hand or by a seed. */
final class Halls {

    private static final List<SeatingPlan.Category> CATEGORIES =
            List.of(new SeatingPlan.Category("I", ""), new SeatingPlan.Category("II", ""));

    private Halls() {}

    /**
     * One zone, a text a row: {@code 1} and {@code 2} are seats of category I and II, a blank is an aisle. Seats are named {@code r-n} by
     * row and number.
     */
    static SeatingPlan drawn(String... rows) {
        return new SeatingPlan("Hall", CATEGORIES, List.of(zone("", rows)), 1, 1);
    }

    static SeatingPlan.Zone zone(String prefix, String... rows) {
        List<SeatingPlan.Row> plan = new ArrayList<>();
        for (int row = 1; row <= rows.length; row++) {
            List<SeatingPlan.Seat> seats = new ArrayList<>();
            for (int x = 0; x < rows[row - 1].length(); x++) {
                char seat = rows[row - 1].charAt(x);
                if (seat != ' ') {
                    String label = prefix + row + "-" + (seats.size() + 1);
                    seats.add(new SeatingPlan.Seat(SeatLabel.of(label), "" + (seats.size() + 1), seat - '1', x, 0));
                }
            }
            plan.add(new SeatingPlan.Row("" + row, 0, row, seats));
        }
        return new SeatingPlan.Zone(prefix, 0, 0, plan);
    }

    static SeatingPlan random(Random random) {
        List<SeatingPlan.Zone> zones = new ArrayList<>();
        for (int zone = 1 + random.nextInt(2); zone > 0; zone--) {
            String[] rows = new String[1 + random.nextInt(4)];
            for (int row = 0; row < rows.length; row++) {
                StringBuilder seats = new StringBuilder();
                char category = random.nextBoolean() ? '1' : '2';
                for (int x = 1 + random.nextInt(10); x > 0; x--) {
                    category = random.nextInt(6) == 0 ? (char) ('3' - category + '0') : category;
                    seats.append(category).append(random.nextInt(8) == 0 ? " " : "");
                }
                rows[row] = seats.toString();
            }
            zones.add(zone("z" + zone + "-", rows));
        }
        return new SeatingPlan("Hall " + random.nextInt(), CATEGORIES, zones, 1, 1);
    }

    static SeatingPlan large(int seats, int rowLength) {
        String row = "1".repeat(rowLength);
        String[] rows = new String[seats / rowLength];
        Arrays.fill(rows, row);
        return drawn(rows);
    }
}
