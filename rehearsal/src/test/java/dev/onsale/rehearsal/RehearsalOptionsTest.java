package dev.onsale.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.rehearsal.RehearsalOptions.RedisAddress;
import dev.onsale.rehearsal.command.CommandRunner;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class RehearsalOptionsTest {

    private static RehearsalOptions parsed(String... arguments) {
        RehearseCommand command = new RehearseCommand();
        CommandRunner.commandLine(command).parseArgs(arguments);
        command.options.validate();
        return command.options;
    }

    @Test
    void no_options_play_a_thousand_buyers_for_a_hundred_seats_on_a_server_of_its_own() {
        RehearsalOptions options = parsed();

        assertThat(options.url()).isNull();
        assertThat(options.data()).isNull();
        assertThat(options.port()).isZero();
        assertThat(options.flushRedis).isFalse();
        assertThat(options)
                .extracting(
                        o -> o.buyers,
                        o -> o.seats,
                        o -> o.people,
                        o -> o.coupons,
                        o -> o.seed,
                        o -> o.inFlightMax,
                        o -> o.otherSeatsMax)
                .containsExactly(1_000, 100, 120, 100, 42L, 256, 5);
        assertThat(options)
                .extracting(o -> o.timeout, o -> o.requestTimeout, o -> o.hold)
                .containsExactly(Duration.ofMinutes(2), Duration.ofSeconds(15), Duration.ofSeconds(20));
    }

    @Test
    void values_follow_their_option_or_an_equals_sign() {
        RehearsalOptions options = parsed("--buyers", "7", "--timeout=PT30S", "--seed", "-5", "--running");

        assertThat(options.buyers).isEqualTo(7);
        assertThat(options.timeout).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.seed).isEqualTo(-5);
        assertThat(options.url()).isEqualTo("http://127.0.0.1:8080");
        assertThat(parsed("--url", "http://127.0.0.1:9/").url()).isEqualTo("http://127.0.0.1:9");
        assertThat(parsed("--port=1", "--data", "x"))
                .extracting(RehearsalOptions::port, RehearsalOptions::data)
                .containsExactly(1, Path.of("x").toAbsolutePath());
    }

    @Test
    void redis_is_emptied_on_a_server_of_its_own_or_where_it_is_named() {
        RehearsalOptions own = parsed("--flush-redis");
        RehearsalOptions named = parsed("--running", "--redis", "localhost:6379", "--flush-redis");

        assertThat(own.flushRedis).isTrue();
        assertThat(own.redis).isNull();
        assertThat(named.flushRedis).isTrue();
        assertThat(named.redis).isEqualTo(new RedisAddress("localhost", 6_379));
        assertThat(OwnServer.redisIn("  Redis: ready on 127.0.0.1:36521 after 0.2 s"))
                .isEqualTo(new RedisAddress("127.0.0.1", 36_521));
        assertThat(OwnServer.redisIn("  Kafka: ready on 127.0.0.1:36522 after 3.0 s"))
                .isNull();
    }

    @Test
    void help_names_each_option_with_its_default_and_plays_nothing() {
        CommandLine line = CommandRunner.commandLine(new RehearseCommand());
        StringWriter out = new StringWriter();
        line.setOut(new PrintWriter(out, true));

        assertThat(line.execute("--help")).isZero();
        assertThat(out.toString()).contains("--buyers", "(1000)", "--request-timeout", "(PT15S)", "--redis");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "--byers 7, Unknown options: '--byers'",
                "--buyers, Missing required parameter for option '--buyers'",
                "--buyers 0, from 1 to",
                "--buyers many, 'many' is not an int",
                "--buyers 1 --buyers 2, should be specified only once",
                "--timeout 30s, cannot convert '30s' to class java.time.Duration",
                "--timeout PT4S, from PT5S to PT1H",
                "--url localhost, is not an address such as",
                "--url https://example.org, is not an address such as",
                "--running --url http://127.0.0.1:1, two servers",
                "--running --data x, for a server that is started",
                "--running --flush-redis, name it with --redis HOST:PORT",
                "--url http://127.0.0.1:1 --flush-redis, name it with --redis HOST:PORT",
                "--running --redis localhost:6379, is for --flush-redis",
                "--flush-redis --redis localhost:6379, is for a running server",
                "--running --flush-redis --redis 6379, such as 127.0.0.1:6379",
                "--running --flush-redis --redis localhost:0, such as 127.0.0.1:6379",
                "--flush-redis --flush-redis, should be specified only once",
                "--running=yes, 'yes' is not a boolean",
                "1000, Unmatched argument at index 0: '1000'",
            })
    void a_mistake_is_said_in_one_line(String arguments, String message) {
        CommandLine line = CommandRunner.commandLine(new RehearseCommand());
        StringWriter err = new StringWriter();
        line.setErr(new PrintWriter(err, true));

        assertThat(line.execute(arguments.split(" "))).isEqualTo(CommandRunner.NOT_DONE);
        assertThat(err.toString()).startsWith("./onsale rehearse: ").contains(message);
        assertThat(err.toString().lines()).hasSize(1);
    }
}
