package dev.onsale.saga.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

    private static final String DATE = "Tue, 01 Dec 2026 12:00:00 GMT";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0",
                "2 | 2",
                "' 2 ' | 2",
                "3600 | 3600",
                "3601 | 3600",
                "999999999 | 3600",
                "99999999999999999999 | 0",
                "-1 | 0",
                "1.5 | 0",
                "soon | 0",
                "'' | 0",
                "Tue, 01 Dec 2026 12:00:30 GMT | 30",
                "Tue, 01 Dec 2026 11:59:30 GMT | 0",
                "Wed, 02 Dec 2026 12:00:00 GMT | 3600"
            })
    void seconds_and_dates_are_read_and_nonsense_is_no_time(String header, long seconds) {
        HttpHeaders headers =
                HttpHeaders.of(Map.of("Retry-After", List.of(header), "Date", List.of(DATE)), (name, value) -> true);
        assertThat(RetryAfter.of(headers)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
