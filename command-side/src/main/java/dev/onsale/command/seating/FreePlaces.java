package dev.onsale.command.seating;

import java.util.Arrays;
import java.util.BitSet;

/** Which places of a hall are free. Keeps for each row the longest stretch of free neighbours, so that full rows cost nothing. */
final class FreePlaces {

    private static final int UNKNOWN = -1;

    private final Hall hall;
    private final BitSet free = new BitSet();
    private final int[] freeOfCategory;
    private final int[] longestInRow;
    private int freeInAll;

    /** All places that are for sale are free. */
    FreePlaces(Hall hall) {
        this.hall = hall;
        freeOfCategory = new int[hall.categories()];
        longestInRow = new int[hall.rows()];
        Arrays.fill(longestInRow, UNKNOWN);
        for (int place = 0; place < hall.seats(); place++) {
            if (hall.isOffered(place)) {
                free.set(place);
                freeInAll++;
                freeOfCategory[hall.categoryOf(place)]++;
            }
        }
    }

    /** Receives each run of adjacent free seats. */
    interface Visitor {

        /**
         * @param from its first place
         * @param end the first place after it
         */
        void visit(int from, int end);
    }

    Hall hall() {
        return hall;
    }

    boolean isFree(int place) {
        return free.get(place);
    }

    int count(int category) {
        return category == Hall.ANY ? freeInAll : freeOfCategory[category];
    }

    void set(int place, boolean vacant) {
        if (free.get(place) == vacant || !hall.isOffered(place)) {
            return;
        }
        free.set(place, vacant);
        int change = vacant ? 1 : -1;
        freeInAll += change;
        freeOfCategory[hall.categoryOf(place)] += change;
        longestInRow[hall.rowOf(place)] = UNKNOWN;
    }

    int longestIn(int row) {
        if (longestInRow[row] == UNKNOWN) {
            int[] longest = {0};
            stretchesOf(row, (from, end) -> longest[0] = Math.max(longest[0], end - from));
            longestInRow[row] = longest[0];
        }
        return longestInRow[row];
    }

    /** The longest stretches of free neighbours in a row, whatever their category. */
    void stretchesOf(int row, Visitor visitor) {
        int rowEnd = hall.endOf(row);
        int from = free.nextSetBit(hall.firstOf(row));
        while (from >= 0 && from < rowEnd) {
            int end = Math.min(free.nextClearBit(from), hall.benchEnd(from));
            visitor.visit(from, end);
            from = free.nextSetBit(end);
        }
    }

    /** The parts of a stretch that are of one category. */
    void partsOf(int category, int from, int end, Visitor visitor) {
        int first = from;
        while (first < end) {
            if (!hall.isOf(category, first)) {
                first++;
                continue;
            }
            int last = first + 1;
            while (last < end && hall.isOf(category, last)) {
                last++;
            }
            visitor.visit(first, last);
            first = last;
        }
    }
}
