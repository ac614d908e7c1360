package dev.onsale.waitingroom.queue;

import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.waitingroom.RoomFixture;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

@Tag("services")
class WaitEstimateTest {

    private final RoomFixture room = new RoomFixture();

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void before_anybody_was_admitted_it_is_what_the_settings_allow_and_vague() {
        room.open(1_000, 10);
        join(100);

        WaitEstimate estimate = estimateOf(100);

        assertThat(estimate.measured()).isFalse();
        assertThat(estimate.peoplePerMinute()).isEqualTo(600);
        assertThat(estimate.seconds()).isEqualTo(10);
        assertThat(estimate.fromSeconds()).isEqualTo(6);
        assertThat(estimate.toSeconds()).isEqualTo(20);
    }

    @Test
    void afterwards_it_is_the_pace_that_was_seen_with_its_uncertainty_around_it() {
        room.open(10_000, 10);
        join(400);
        for (int second = 0; second < 20; second++) {
            room.admit();
            room.status();
            room.clock.advance(Duration.ofSeconds(1));
        }

        WaitEstimate estimate = estimateOf(400);

        assertThat(estimate.measured()).isTrue();
        assertThat(estimate.peoplePerMinute()).isBetween(500.0, 700.0);
        // 200 of 400 are in; ten a second.
        assertThat(estimate.seconds()).isBetween(17L, 24L);
        assertThat(estimate.fromSeconds()).isLessThan(estimate.seconds());
        assertThat(estimate.toSeconds()).isGreaterThan(estimate.seconds());
    }

    private void join(int visitors) {
        Flux.range(1, visitors)
                .concatMap(i -> room.visitors.join(room.sale, buyer(i), JoinOrigin.UNKNOWN))
                .blockLast(RoomFixture.BOUND);
    }

    private WaitEstimate estimateOf(int number) {
        room.status();
        WaitEstimate estimate = room.poll(buyer(number)).estimate();
        if (estimate == null) {
            throw new AssertionError("No estimate");
        }
        return estimate;
    }
}
