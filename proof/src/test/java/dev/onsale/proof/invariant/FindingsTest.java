package dev.onsale.proof.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class FindingsTest {

    @Test
    void all_are_counted_and_the_first_are_kept_in_words() {
        Findings findings = new Findings();
        for (int number = 0; number < 1_000; number++) {
            findings.add(Invariant.SEAT_LIFE, "number " + number);
        }
        Findings all = new Findings();
        all.add(Invariant.SEAT_LIFE, "another");
        all.addAll(findings);

        assertThat(all.count(Invariant.SEAT_LIFE)).isEqualTo(1_001);
        assertThat(Objects.requireNonNull(all.broken().get(Invariant.SEAT_LIFE)).first())
                .hasSize(20)
                .startsWith("another", "number 0");
        assertThat(all.count(Invariant.NO_OVER_ISSUE)).isZero();
    }
}
