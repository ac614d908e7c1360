package dev.onsale.command.seating;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.SeatingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class BestSeatsTest {

    private static final Logger log = LoggerFactory.getLogger(BestSeatsTest.class);
    private static final int SALES = 400;
    private static final int QUANTITY_MAX = 6;

    @Test
    void the_first_party_sits_in_the_middle_of_the_front_row() {
        assertThat(best(hall("1111111111", "1111111111"), 2)).containsExactly("1-5", "1-6");
    }

    @Test
    void rows_are_best_by_their_printed_number_whatever_the_order_of_the_drawing() {
        SeatingPlan.Zone drawn = Halls.zone("", "11", "11", "11");
        SeatingPlan.Zone backFirst = new SeatingPlan.Zone("", 0, 0, drawn.rows().reversed());
        SeatingPlan plan = new SeatingPlan("", List.of(new SeatingPlan.Category("I", "")), List.of(backFirst), 1, 1);
        assertThat(best(new FreePlaces(new Hall(plan)), 2)).containsExactly("1-1", "1-2");
    }

    @Test
    void an_aisle_parts_neighbours() {
        assertThat(best(hall("11 11"), 2)).containsExactly("1-1", "1-2");
        assertThat(best(hall("1 11 1"), 2)).containsExactly("1-2", "1-3");
        assertThat(best(hall("11 1", "111"), 3)).containsExactly("2-1", "2-2", "2-3");
    }

    @Test
    void no_single_seat_is_left_while_another_row_can_avoid_it() {
        assertThat(best(hall("111", "1111"), 2)).containsExactly("2-1", "2-2");
    }

    @Test
    void a_single_seat_is_left_rather_than_parting_the_party() {
        assertThat(best(hall("111", "111"), 2)).containsExactly("1-1", "1-2");
    }

    @Test
    void one_person_alone_takes_the_seat_that_stands_alone() {
        assertThat(best(hall("11 1"), 1)).containsExactly("1-3");
    }

    @Test
    void the_middle_gives_way_where_it_would_leave_two_odd_remainders() {
        assertThat(best(hall("111111111111"), 2)).containsExactly("1-5", "1-6");
    }

    @Test
    void a_party_that_no_row_can_take_is_split_into_rows_behind_each_other() {
        FreePlaces hall = hall("11", "1111", "1111", "11");
        take(hall, "2-1", "3-4");
        assertThat(best(hall, 6)).containsExactly("2-2", "2-3", "2-4", "3-1", "3-2", "3-3");
    }

    @Test
    void only_seats_of_the_category_are_chosen() {
        assertThat(best(hall("1122", "2211"), 2, "II")).containsExactly("1-3", "1-4");
        assertThat(best(hall("1122", "2211"), 4, "II")).containsExactly("1-3", "1-4", "2-1", "2-2");
        assertThat(best(hall("1122"), 3, "II")).isEmpty();
    }

    @Test
    void pairs_fill_even_rows_to_the_last_seat() {
        FreePlaces hall = hall("1".repeat(12), "1".repeat(8) + " " + "1".repeat(6));
        for (int pair = 0; pair < 13; pair++) {
            int[] places = BestSeats.choose(hall, 2, Hall.ANY).orElseThrow();
            assertThat(hall.hall().benchEnd(places[0])).isEqualTo(hall.hall().benchEnd(places[1]));
            assertThat(places[1]).isEqualTo(places[0] + 1);
            Arrays.stream(places).forEach(place -> hall.set(place, false));
            assertThat(orphans(hall)).isZero();
        }
        assertThat(hall.count(Hall.ANY)).isZero();
    }

    @Test
    void a_hall_of_a_hundred_thousand_seats_is_sold_to_the_last_pair() {
        FreePlaces hall = new FreePlaces(new Hall(Halls.large(100_000, 50)));
        long begun = System.nanoTime();
        int pairs = 0;
        for (int[] places = pair(hall); places.length == 2; places = pair(hall)) {
            assertThat(places[1]).isEqualTo(places[0] + 1);
            hall.set(places[0], false);
            hall.set(places[1], false);
            pairs++;
        }
        log.warn("{} choices in a hall of 100,000 seats took {} ms", pairs, (System.nanoTime() - begun) / 1_000_000);
        assertThat(pairs).isEqualTo(50_000);
    }

    /** Small halls sold out by random parties; each choice is compared with every other that there was. */
    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_121, 977})
    void no_other_choice_would_have_been_better(long seed) {
        Random random = new Random(seed);
        for (int sale = 0; sale < SALES; sale++) {
            FreePlaces hall = new FreePlaces(new Hall(Halls.random(random)));
            for (int order = 0; order < 30; order++) {
                if (random.nextInt(4) == 0) {
                    // Somebody names a seat, somebody else gives one back.
                    hall.set(random.nextInt(hall.hall().seats()), random.nextBoolean());
                }
                int quantity = 1 + random.nextInt(QUANTITY_MAX);
                int category = random.nextInt(3) - 1;
                check(hall, quantity, category, "seed " + seed + ", sale " + sale + ", order " + order);
            }
        }
    }

    private static void check(FreePlaces hall, int quantity, int category, String where) {
        List<Integer> suitable = IntStream.range(0, hall.hall().seats())
                .filter(place -> hall.isFree(place) && hall.hall().isOf(category, place))
                .boxed()
                .toList();
        int orphansBefore = orphans(hall);
        int[] chosen = BestSeats.choose(hall, quantity, category).orElse(new int[0]);
        if (suitable.size() < quantity) {
            assertThat(chosen).as(where).isEmpty();
            return;
        }
        assertThat(chosen).as(where).hasSize(quantity).doesNotHaveDuplicates();
        assertThat(suitable).as(where).containsAll(Arrays.stream(chosen).boxed().toList());

        List<int[]> neighbours = suitable.stream()
                .filter(place -> place + quantity <= hall.hall().benchEnd(place))
                .map(place -> IntStream.range(place, place + quantity).toArray())
                .filter(run -> Arrays.stream(run).allMatch(suitable::contains))
                .toList();
        int parts = parts(hall, chosen);
        if (neighbours.isEmpty()) {
            assertThat(parts).as(where + ": parts").isEqualTo(fewestParts(hall, suitable, quantity));
        } else {
            assertThat(parts).as(where + ": together").isEqualTo(1);
            List<int[]> harmless = neighbours.stream()
                    .filter(run -> orphansAfter(hall, run) <= orphansBefore)
                    .toList();
            if (!harmless.isEmpty()) {
                assertThat(orphansAfter(hall, chosen)).as(where + ": orphans").isLessThanOrEqualTo(orphansBefore);
                assertThat(hall.hall().rowOf(chosen[0]))
                        .as(where + ": best row")
                        .isEqualTo(hall.hall().rowOf(harmless.getFirst()[0]));
            }
        }
        Arrays.stream(chosen).forEach(place -> hall.set(place, false));
    }

    private static int fewestParts(FreePlaces hall, List<Integer> suitable, int quantity) {
        List<Integer> lengths = new ArrayList<>();
        for (int index = 0; index < suitable.size(); index++) {
            int place = suitable.get(index);
            boolean follows = index > 0 && suitable.get(index - 1) == place - 1 && sameBench(hall, place - 1, place);
            if (follows) {
                lengths.set(lengths.size() - 1, lengths.getLast() + 1);
            } else {
                lengths.add(1);
            }
        }
        lengths.sort((a, b) -> b - a);
        int missing = quantity;
        int parts = 0;
        while (missing > 0) {
            missing -= lengths.get(parts++);
        }
        return parts;
    }

    private static int parts(FreePlaces hall, int[] places) {
        return (int) IntStream.range(0, places.length)
                .filter(index -> index == 0
                        || places[index - 1] != places[index] - 1
                        || !sameBench(hall, places[index - 1], places[index]))
                .count();
    }

    private static boolean sameBench(FreePlaces hall, int place, int other) {
        return hall.hall().benchEnd(place) == hall.hall().benchEnd(other);
    }

    /** Free seats without a free neighbour, though the bench has more than one seat. */
    private static int orphans(FreePlaces hall) {
        int[] orphans = {0};
        for (int row = 0; row < hall.hall().rows(); row++) {
            hall.stretchesOf(row, (from, end) -> orphans[0] += end - from == 1 ? 1 : 0);
        }
        return orphans[0];
    }

    private static int orphansAfter(FreePlaces hall, int[] taken) {
        Arrays.stream(taken).forEach(place -> hall.set(place, false));
        int orphans = orphans(hall);
        Arrays.stream(taken).forEach(place -> hall.set(place, true));
        return orphans;
    }

    private static int[] pair(FreePlaces hall) {
        return BestSeats.choose(hall, 2, Hall.ANY).orElse(new int[0]);
    }

    private static FreePlaces hall(String... rows) {
        return new FreePlaces(new Hall(Halls.drawn(rows)));
    }

    private static void take(FreePlaces hall, String... labels) {
        for (String label : labels) {
            Integer place = hall.hall().placeOf(SeatLabel.of(label));
            assertThat(place).isNotNull();
            hall.set(java.util.Objects.requireNonNull(place), false);
        }
    }

    private static List<String> best(FreePlaces hall, int quantity) {
        return best(hall, quantity, null);
    }

    private static List<String> best(FreePlaces hall, int quantity, @Nullable String category) {
        int index = java.util.Objects.requireNonNull(hall.hall().category(category));
        return BestSeats.choose(hall, quantity, index).stream()
                .flatMapToInt(Arrays::stream)
                .mapToObj(place -> hall.hall().label(place).toString())
                .toList();
    }
}
