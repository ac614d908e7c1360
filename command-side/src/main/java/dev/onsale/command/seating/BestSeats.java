package dev.onsale.command.seating;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses seats beside each other, without leaving a single seat between others where that can be avoided, in the best row that
 * has them and there as near to the middle as possible. If no row has enough neighbours, it splits the party into as few parts
 * as possible and seats these as near to each other as possible, so in rows behind each other. A pure function.
 */
final class BestSeats {

    /** More than any hall has rows: parts in one zone are nearer to each other than parts in two. */
    private static final int ZONE_DISTANCE = 1_000_000;

    private final FreePlaces vacancies;
    private final Hall hall;
    private final int quantity;
    private final int category;

    private BestSeats(FreePlaces vacancies, int quantity, int category) {
        this.vacancies = vacancies;
        this.hall = vacancies.hall();
        this.quantity = quantity;
        this.category = category;
    }

    /** The places in their order, or none if there are not so many free ones. */
    static Optional<int[]> choose(FreePlaces vacancies, int quantity, int category) {
        if (quantity < 1 || vacancies.count(category) < quantity) {
            return Optional.empty();
        }
        BestSeats choice = new BestSeats(vacancies, quantity, category);
        Fit together = choice.together();
        return Optional.of(
                together != null
                        ? IntStream.range(together.from, together.from + quantity)
                                .toArray()
                        : choice.split());
    }

    /** Where in a row, and how well that leaves the rest of it. The least penalty is the best. */
    private record Fit(int from, long penalty) {

        private static final long ORPHAN = 1L << 40;
        private static final long ODD_ENDS = 1L << 30;

        static final Comparator<Fit> BEST_FIRST =
                Comparator.comparingLong(Fit::penalty).thenComparingInt(Fit::from);

        /**
         * Two odd remainders become two orphans once pairs have been sold from them, so an even split is better than the middle.
         */
        static Fit of(int from, int quantity, int stretchFrom, int stretchEnd, int twiceMiddle) {
            int left = from - stretchFrom;
            int right = stretchEnd - from - quantity;
            int orphans = (left == 1 ? 1 : 0) + (right == 1 ? 1 : 0);
            int oddEnds = left % 2 == 1 && right % 2 == 1 ? 1 : 0;
            int offMiddle = Math.abs(2 * from + quantity - twiceMiddle);
            return new Fit(from, orphans * ORPHAN + oddEnds * ODD_ENDS + offMiddle);
        }

        boolean leavesOrphan() {
            return penalty >= ORPHAN;
        }
    }

    private @Nullable Fit together() {
        Fit withOrphan = null;
        for (int row : hall.rowsOf(category)) {
            if (vacancies.longestIn(row) < quantity) {
                continue;
            }
            Fit fit = bestIn(row);
            if (fit != null && !fit.leavesOrphan()) {
                return fit;
            }
            if (withOrphan == null) {
                withOrphan = fit;
            }
        }
        return withOrphan;
    }

    private @Nullable Fit bestIn(int row) {
        List<Fit> fits = new ArrayList<>();
        int twiceMiddle = hall.firstOf(row) + hall.endOf(row);
        vacancies.stretchesOf(
                row,
                (from, end) -> vacancies.partsOf(category, from, end, (partFrom, partEnd) -> {
                    for (int place = partFrom; place + quantity <= partEnd; place++) {
                        fits.add(Fit.of(place, quantity, from, end, twiceMiddle));
                    }
                }));
        return fits.stream().min(Fit.BEST_FIRST).orElse(null);
    }

    /** Free neighbours of the category, fewer than the party. */
    private record Part(int from, int length, int stretchFrom, int stretchEnd, int row, int position) {}

    private int[] split() {
        List<Part> parts = new ArrayList<>();
        for (int row : hall.rowsOf(category)) {
            int position = row + hall.zoneOf(row) * ZONE_DISTANCE;
            vacancies.stretchesOf(
                    row,
                    (from, end) -> vacancies.partsOf(
                            category,
                            from,
                            end,
                            (partFrom, partEnd) ->
                                    parts.add(new Part(partFrom, partEnd - partFrom, from, end, row, position))));
        }
        int[] ofLength = new int[quantity];
        parts.forEach(part -> ofLength[part.length]++);
        int fewest = partsNeeded(ofLength);
        return seated(nearest(parts, fewest).stream()
                .sorted(Comparator.comparingInt(Part::length).reversed().thenComparingInt(Part::from))
                .limit(fewest)
                .toList());
    }

    private int partsNeeded(int[] ofLength) {
        int missing = quantity;
        int needed = 0;
        for (int length = ofLength.length - 1; length >= 1 && missing > 0; length--) {
            int used = Math.min(ofLength[length], (missing + length - 1) / length);
            missing -= used * length;
            needed += used;
        }
        return needed;
    }

    private static boolean seats(int party, int[] ofLength, int partsMax) {
        int missing = party;
        int left = partsMax;
        for (int length = ofLength.length - 1; length >= 1 && left > 0 && missing > 0; length--) {
            int used = Math.min(ofLength[length], left);
            missing -= used * length;
            left -= used;
        }
        return missing <= 0;
    }

    /** The shortest window of parts that seats the party in that number of parts; the best rows among the equally short ones. */
    private List<Part> nearest(List<Part> parts, int partsMax) {
        int[] ofLength = new int[quantity];
        int end = 0;
        int bestFrom = 0;
        int bestEnd = parts.size();
        int bestDistance = Integer.MAX_VALUE;
        for (int from = 0; from < parts.size(); from++) {
            while (end < parts.size() && !seats(quantity, ofLength, partsMax)) {
                ofLength[parts.get(end++).length]++;
            }
            if (!seats(quantity, ofLength, partsMax)) {
                break;
            }
            int distance = parts.get(end - 1).position - parts.get(from).position;
            if (distance < bestDistance) {
                bestFrom = from;
                bestEnd = end;
                bestDistance = distance;
            }
            ofLength[parts.get(from).length]--;
        }
        return parts.subList(bestFrom, bestEnd);
    }

    /** Takes all parts as a whole but the last, of which only what is missing is taken. */
    private int[] seated(List<Part> longestFirst) {
        IntStream.Builder places = IntStream.builder();
        int missing = quantity;
        for (Part part : longestFirst) {
            int wanted = Math.min(missing, part.length);
            int twiceMiddle = hall.firstOf(part.row) + hall.endOf(part.row);
            Fit fit = IntStream.rangeClosed(part.from, part.from + part.length - wanted)
                    .mapToObj(place -> Fit.of(place, wanted, part.stretchFrom, part.stretchEnd, twiceMiddle))
                    .min(Fit.BEST_FIRST)
                    .orElseThrow();
            IntStream.range(fit.from, fit.from + wanted).forEach(places::add);
            missing -= wanted;
        }
        return places.build().sorted().toArray();
    }
}
