package dev.onsale.waitingroom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollScheduleTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1000, 1",
        "1001, 5",
        "5000, 5",
        "5001, 10",
        "10000, 10",
        "10001, 30",
        "100000, 30",
        "100001, 60",
        "1000000, 60"
    })
    void the_further_back_the_later_the_next_poll(long position, int seconds) {
        assertThat(PollSchedule.seconds(position)).isEqualTo(seconds);
    }

    @Test
    void two_hundred_thousand_waiting_cost_no_more_than_14633_requests_per_second() {
        double requestsPerSecond = LongStream.rangeClosed(1, 200_000)
                .mapToDouble(position -> 1.0 / PollSchedule.seconds(position))
                .sum();

        assertThat(requestsPerSecond).isLessThanOrEqualTo(14_633);
    }

    @ParameterizedTest
    @CsvSource({"100000, 100000, true", "100001, 101000, false", "101000, 101000, false", "101001, 102000, false"})
    void far_back_the_position_is_shown_in_thousands(long position, long shown, boolean exact) {
        assertThat(PollSchedule.shown(position)).isEqualTo(shown);
        assertThat(PollSchedule.isExact(position)).isEqualTo(exact);
    }
}
