package dev.onsale.waitingroom.draw;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.Seed;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffleTest {

    private static final SaleId SALE = SaleId.of("sale");

    /** 99.9 % point of chi-square with 19 * 19 degrees of freedom. */
    private static final double CRITICAL = 451.6;

    @Test
    void everybody_may_end_anywhere_with_the_same_chance() {
        int people = 20;
        int draws = 10_000;
        List<String> names =
                IntStream.range(0, people).mapToObj(i -> "person-" + i).toList();
        int[][] ended = new int[people][people];
        Random seeds = new Random(20_260_601);
        byte[] seed = new byte[32];
        for (int draw = 0; draw < draws; draw++) {
            seeds.nextBytes(seed);
            List<String> order = Shuffle.order(SALE, HexFormat.of().formatHex(seed), names);
            for (int rank = 0; rank < people; rank++) {
                ended[names.indexOf(order.get(rank))][rank]++;
            }
        }

        double expected = (double) draws / people;
        double chiSquare = 0;
        for (int[] person : ended) {
            for (int count : person) {
                chiSquare += (count - expected) * (count - expected) / expected;
            }
        }
        assertThat(chiSquare).isLessThan(CRITICAL);
    }

    @Test
    void the_order_depends_on_the_seed_and_the_names_and_not_on_who_came_first() {
        List<String> names = List.of("ann", "ben", "cid", "dan", "eve");
        List<String> reversed = new java.util.ArrayList<>(names);
        Collections.reverse(reversed);
        String seed = Seed.random();

        assertThat(Shuffle.order(SALE, seed, reversed)).isEqualTo(Shuffle.order(SALE, seed, names));
        assertThat(Seed.random()).isNotEqualTo(seed).hasSize(64);
    }
}
