package dev.onsale.command.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.platform.idempotency.RequestKey;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestKeyFilterTest {

    private static final int NAMES = 20_000;

    private final RequestKeyFilter names = new RequestKeyFilter(NAMES);

    @Test
    void until_everything_stored_is_known_everything_may_be_stored() {
        assertThat(names.mayHave(name(1))).isTrue();
        names.complete();
        assertThat(names.mayHave(name(1))).isFalse();
    }

    @Test
    void a_name_is_never_forgotten_before_its_time_and_few_are_taken_for_another() {
        names.complete();
        IntStream.range(0, NAMES).forEach(i -> names.add(name(i)));
        assertThat(IntStream.range(0, NAMES)).allMatch(i -> names.mayHave(name(i)));
        assertThat(IntStream.range(NAMES, 3 * NAMES)
                        .filter(i -> names.mayHave(name(i)))
                        .count())
                .isLessThan(NAMES / 100);
        names.turn();
        assertThat(names.mayHave(name(7))).isTrue();
        names.turn();
        assertThat(names.mayHave(name(7))).isFalse();
    }

    private static RequestKey name(int number) {
        Random random = new Random(number);
        return new RequestKey(random.nextLong(), random.nextLong());
    }
}
