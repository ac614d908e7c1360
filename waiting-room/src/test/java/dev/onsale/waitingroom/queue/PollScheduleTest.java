package dev.onsale.waitingroom.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.waitingroom.room.AdmissionPace;
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

    @Test
    void chance_makes_nobody_ask_earlier_and_nobody_a_fifth_later() {
        assertThat(PollSchedule.millis(1, 0)).isEqualTo(1_000);
        assertThat(PollSchedule.millis(1, 1)).isEqualTo(1_200);
        assertThat(PollSchedule.millis(100_001, 0.5)).isEqualTo(66_000);
    }

    @Test
    void after_the_opening_so_many_ask_that_ten_thousand_come_in_a_second() {
        assertThat(PollSchedule.millisBeforeOpening(3_600_000, 200_000, 1)).isEqualTo(72_000);
        assertThat(PollSchedule.millisBeforeOpening(30_000, 200_000, 0)).isEqualTo(30_500);
        assertThat(PollSchedule.millisBeforeOpening(30_000, 200_000, 1)).isEqualTo(50_500);
        assertThat(PollSchedule.millisBeforeOpening(-500, 10, 1)).isEqualTo(1_500);
    }

    @Test
    void a_pace_is_what_was_admitted_over_the_time_it_was_watched() {
        AdmissionPace pace = new AdmissionPace();
        assertThat(pace.read(0, 0)).isEqualTo(AdmissionPace.Reading.NONE);
        pace.read(5_000, 50);
        AdmissionPace.Reading steady = pace.read(10_000, 100);
        assertThat(steady.perSecond()).isEqualTo(10);
        assertThat(steady.deviation()).isZero();
        AdmissionPace.Reading uneven = pace.read(15_000, 300);
        assertThat(uneven.perSecond()).isEqualTo(20);
        assertThat(uneven.deviation()).isBetween(8.0, 13.0);
        assertThat(pace.read(20_000, 5)).as("the count began anew").isEqualTo(AdmissionPace.Reading.NONE);
    }
}
