package dev.onsale.paymentsimulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {

    @Test
    void every_option_is_taken_over_in_both_spellings_and_any_order() {
        var options = CommandLine.parse(List.of(
                "--delay-min=20s",
                "--delay-max",
                "30s",
                "--host",
                "0.0.0.0",
                "--port=9000",
                "--success-rate",
                "0.9",
                "--seed",
                "-5",
                "--idempotency-retention",
                "2h",
                "--ledger-file",
                "books/ledger.jsonl",
                "--charges-max",
                "10",
                "--idempotency-keys-max",
                "20",
                "--in-flight-max",
                "30"));

        assertThat(options)
                .isEqualTo(new SimulatorOptions(
                        "0.0.0.0",
                        9000,
                        0.9,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(30),
                        -5,
                        Duration.ofHours(2),
                        Path.of("books/ledger.jsonl"),
                        10,
                        20,
                        30,
                        null));
    }

    @Test
    void without_options_seventy_percent_succeed_within_ten_seconds_on_the_usual_port() {
        assertThat(CommandLine.parse(List.of()))
                .isEqualTo(SimulatorOptions.defaults().withPort(CommandLine.DEFAULT_PORT));
        assertThat(SimulatorOptions.defaults().successRate()).isEqualTo(0.70);
        assertThat(SimulatorOptions.defaults().delayMax()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void help_is_no_run() {
        assertThat(CommandLine.parse(List.of("--port", "1", "--help"))).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --prot 80              | unknown option --prot
                    8090                   | unknown option 8090
                    --port                 | --port needs a value
                    --port 1 --port 2      | --port is given twice
                    --port eighty          | --port must be a whole number, but is eighty
                    --port 70000           | port must be 0 to 65535
                    --port 99999999999     | --port is out of range
                    --success-rate 70%     | --success-rate must be a number
                    --success-rate 1.5     | success rate must be 0 to 1
                    --success-rate NaN     | success rate must be 0 to 1
                    --delay-max 10         | --delay-max must be a duration
                    --delay-max -1s        | --delay-max must be a duration
                    --delay-max 11m        | longest delay must be at most PT10M
                    --delay-min 11s        | shortest delay PT11S must not exceed longest delay PT10S
                    --idempotency-retention 0s | idempotency retention must be positive
                    --ledger-file=         | --ledger-file must not be empty
                    --charges-max 0        | charges max must be 1 to
                    --in-flight-max 0      | in-flight max must be 1 to
                    """)
    void a_wrong_option_is_named(String line, String message) {
        assertThatThrownBy(() -> CommandLine.parse(List.of(line.split(" "))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
