package dev.onsale.paymentsimulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParameterException;

class PaymentSimulatorMainTest {

    @Test
    void every_option_is_taken_over_in_both_spellings_and_any_order() {
        var options = parse(
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
                "30",
                "--webhook-late-by",
                "1s",
                "--webhook-secret",
                "0123456789abcdef",
                "--webhook-late=0.5",
                "--webhook-duplicates=0.25",
                "--webhook-url",
                "http://127.0.0.1:1/hook");

        assertThat(options)
                .isEqualTo(new SimulatorOptions(
                        "0.0.0.0",
                        9000,
                        0.9,
                        new SimulatorOptions.Delay(Duration.ofSeconds(20), Duration.ofSeconds(30)),
                        -5,
                        Duration.ofHours(2),
                        Path.of("books/ledger.jsonl"),
                        new SimulatorOptions.Limits(10, 20, 30),
                        new Webhooks(
                                URI.create("http://127.0.0.1:1/hook"),
                                "0123456789abcdef",
                                0.25,
                                0.5,
                                Duration.ofSeconds(1))));
    }

    @Test
    void without_options_seventy_percent_succeed_within_ten_seconds_on_the_usual_port() {
        assertThat(parse()).isEqualTo(SimulatorOptions.defaults().withPort(8090));
        assertThat(SimulatorOptions.defaults().successRate()).isEqualTo(0.70);
        assertThat(SimulatorOptions.defaults().delay().max()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void the_help_names_every_option_and_its_default_and_starts_nothing() {
        var out = new StringWriter();
        var commandLine = new PaymentSimulatorMain().commandLine().setOut(new PrintWriter(out));

        assertThat(commandLine.execute("--port", "1", "--help")).isZero();

        assertThat(out.toString())
                .contains("--host=HOST", "(127.0.0.1)", "--port=PORT", "(8090)", "--success-rate=RATE", "(0.7)")
                .contains("--delay-min=DURATION", "(0s)", "--delay-max=DURATION", "(10s)", "--seed=NUMBER", "(1)")
                .contains("--idempotency-retention=DURATION", "(24h)", "--ledger-file=FILE", "(memory only)")
                .contains("--charges-max=NUMBER", "(250000)", "--idempotency-keys-max=NUMBER", "(1000000)")
                .contains("--in-flight-max=NUMBER", "(10000)", "--webhook-url=URL", "--webhook-secret=TEXT")
                .contains("--webhook-duplicates=RATE", "--webhook-late=RATE", "--webhook-late-by=DURATION", "(2s)")
                .contains("ms, s, m or h");
    }

    @Test
    void a_wrong_command_line_ends_with_2_and_a_failed_start_with_1() {
        var err = new StringWriter();
        var commandLine = new PaymentSimulatorMain().commandLine().setErr(new PrintWriter(err));

        assertThat(commandLine.execute("--prot", "80")).isEqualTo(2);
        assertThat(commandLine.execute("--port", "70000")).isEqualTo(2);
        assertThat(err.toString()).contains("--prot", "port must be 0 to 65535, but is 70000");

        try (var other = PaymentSimulator.start(SimulatorOptions.defaults())) {
            var taken = Integer.toString(other.baseUri().getPort());
            assertThat(commandLine.execute("--port", taken)).isEqualTo(1);
        }
        assertThat(err.toString()).contains("payment-simulator: The payment simulator cannot listen on");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --prot 80              | Unknown options: '--prot'
                    8090                   | Unmatched argument at index 0: '8090'
                    --port                 | Missing required parameter for option '--port'
                    --port 1 --port 2      | option '--port' (PORT) should be specified only once
                    --port eighty          | Invalid value for option '--port': 'eighty' is not an int
                    --port 70000           | port must be 0 to 65535
                    --port 99999999999     | Invalid value for option '--port': '99999999999' is not an int
                    --success-rate 70%     | Invalid value for option '--success-rate': '70%' is not a double
                    --success-rate 1.5     | success rate must be 0 to 1
                    --success-rate NaN     | success rate must be 0 to 1
                    --delay-max 10         | Invalid value for option '--delay-max': must be a duration
                    --delay-max -1s        | Invalid value for option '--delay-max': must be a duration
                    --delay-max 11m        | longest delay must be at most PT10M
                    --delay-min 11s        | shortest delay PT11S must not exceed longest delay PT10S
                    --idempotency-retention 0s | idempotency retention must be positive
                    --ledger-file=         | ledger file must not be empty
                    --charges-max 0        | charges max must be 1 to
                    --in-flight-max 0      | in-flight max must be 1 to
                    --webhook-url http://a | Missing required argument(s): --webhook-secret
                    --webhook-secret 0123456789abcdef | Missing required argument(s): --webhook-url
                    --webhook-url http://a --webhook-secret short | webhook secret must have at least 16
                    """)
    void a_wrong_option_is_named(String line, String message) {
        assertThatThrownBy(() -> parse(line.split(" ")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining(message);
    }

    private static SimulatorOptions parse(String... arguments) {
        var main = new PaymentSimulatorMain();
        main.commandLine().parseArgs(arguments);
        return main.options();
    }
}
