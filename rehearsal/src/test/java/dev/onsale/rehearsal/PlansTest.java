package dev.onsale.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.SeatLabel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlansTest {

    private static final List<BuyerId> BUYERS = IntStream.range(0, 1_000)
            .mapToObj(number -> BuyerId.of("buyer-" + number))
            .toList();
    private static final List<SeatLabel> BEST = IntStream.range(0, 100)
            .mapToObj(number -> SeatLabel.of("A-" + number))
            .toList();

    @Test
    void the_same_seed_plays_the_same_crowd() {
        assertThat(BuyerPlan.draw(BUYERS, BEST, 5, 42)).isEqualTo(BuyerPlan.draw(BUYERS, BEST, 5, 42));
        assertThat(CollectorPlan.draw(BUYERS, 42)).isEqualTo(CollectorPlan.draw(BUYERS, 42));
    }

    @Test
    void another_seed_plays_another_crowd() {
        assertThat(BuyerPlan.draw(BUYERS, BEST, 5, 42)).isNotEqualTo(BuyerPlan.draw(BUYERS, BEST, 5, 43));
    }

    @Test
    void everybody_comes_once_with_a_wish_and_others_to_try() {
        List<BuyerPlan> plans = BuyerPlan.draw(BUYERS, BEST, 5, 42);

        assertThat(plans).extracting(BuyerPlan::buyer).containsExactlyInAnyOrderElementsOf(BUYERS);
        assertThat(plans).allSatisfy(plan -> assertThat(plan.wishes())
                .hasSize(6)
                .doesNotHaveDuplicates()
                .isSubsetOf(BEST));
    }

    @Test
    void a_hall_of_one_seat_leaves_nothing_else_to_try() {
        assertThat(BuyerPlan.draw(BUYERS, BEST.subList(0, 1), 5, 42))
                .allSatisfy(plan -> assertThat(plan.wishes()).hasSize(1));
    }

    @Test
    void a_crowd_has_people_of_every_intention() {
        assertThat(BuyerPlan.draw(BUYERS, BEST, 5, 42))
                .extracting(BuyerPlan::intention)
                .containsAll(Arrays.asList(Intention.values()));
    }

    @Test
    void the_best_seats_are_the_dearest_first() throws Exception {
        DemoHall hall = DemoHall.load();

        assertThat(hall.seats()).isEqualTo(1_231);
        assertThat(hall.prices()).containsOnlyKeys("VIP", "Kategorie I", "Kategorie II");
        assertThat(hall.best(82).subList(0, 81))
                .allSatisfy(seat -> assertThat(hall.category(seat)).isEqualTo("VIP"));
        assertThat(hall.category(hall.best(82).getLast())).isEqualTo("Kategorie I");
    }
}
