package dev.onsale.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sale that trains the cache of classes must use what a stampede uses, or the cache would not help. */
@SharedOnsale
class TrainingSaleTest {

    private static final int BUYERS = 150;

    private final Onsale onsale;

    TrainingSaleTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @Test
    void sends_every_request_of_a_stampede_with_acceptances_and_refusals() throws Exception {
        try (TrainingSale sale = new TrainingSale("http://127.0.0.1:" + onsale.port(), BUYERS)) {
            Map<String, Long> answers = sale.play();

            assertThat(answers)
                    .containsKeys(
                            "join 202",
                            "poll 200",
                            "enter 200",
                            "hold 201",
                            "hold 409",
                            "pay 202",
                            "cancel 200",
                            "reservation 200",
                            "performance 200",
                            "seat map 200",
                            "campaign 200",
                            "coupon 201",
                            "coupon 409");
            assertThat(answers.keySet()).noneMatch(answer -> answer.matches("failed|.* (4(?!09|29)..|5..)"));
        }
    }
}
