package dev.onsale.verification.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.verification.rehearsal.RehearsalOptions.UsageException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RehearsalOptionsTest {

    @Test
    void no_options_play_a_thousand_buyers_for_a_hundred_seats_on_a_server_of_its_own() throws UsageException {
        assertThat(RehearsalOptions.parse(List.of())).contains(RehearsalOptions.defaults());
        assertThat(RehearsalOptions.defaults())
                .extracting(
                        RehearsalOptions::url,
                        RehearsalOptions::buyers,
                        RehearsalOptions::seats,
                        RehearsalOptions::people,
                        RehearsalOptions::coupons)
                .containsExactly(null, 1_000, 100, 120, 100);
    }

    @Test
    void values_follow_their_option_or_an_equals_sign() throws UsageException {
        assertThat(RehearsalOptions.parse(List.of("--buyers", "7", "--timeout=PT30S", "--seed", "-5", "--running")))
                .contains(RehearsalOptions.defaults()
                        .withCrowd(7, 100, 120, 100)
                        .withTimes(Duration.ofSeconds(30), Duration.ofSeconds(15), Duration.ofSeconds(20))
                        .withSeed(-5)
                        .withUrl(RehearsalOptions.RUNNING));
    }

    @Test
    void help_is_no_rehearsal() throws UsageException {
        assertThat(RehearsalOptions.parse(List.of("--help"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--byers 7, unknown option --byers",
        "--buyers, --buyers needs a value",
        "--buyers 0, from 1 to",
        "--buyers many, not many",
        "--buyers 1 --buyers 2, given twice",
        "--timeout 30s, such as PT30S",
        "--url localhost, --url is an address such as",
        "--url https://example.org, --url is an address such as",
        "--running --url http://127.0.0.1:1, two servers",
        "--running --data x, for a server that is started",
        "--running=yes, unknown option",
        "1000, unknown option 1000",
    })
    void a_mistake_is_said_in_one_line(String line, String message) {
        assertThatThrownBy(() -> RehearsalOptions.parse(List.of(line.split(" "))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }
}
