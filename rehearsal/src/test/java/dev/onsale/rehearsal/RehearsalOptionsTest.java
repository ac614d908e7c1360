package dev.onsale.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.rehearsal.RehearsalOptions.FlushRedis;
import dev.onsale.rehearsal.RehearsalOptions.RedisAddress;
import dev.onsale.rehearsal.RehearsalOptions.UsageException;
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
    void redis_is_emptied_on_a_server_of_its_own_or_where_it_is_named() throws UsageException {
        assertThat(RehearsalOptions.parse(List.of("--flush-redis")))
                .contains(RehearsalOptions.defaults().withFlushRedis(new FlushRedis(true, null)));
        assertThat(RehearsalOptions.parse(List.of("--running", "--redis", "localhost:6379", "--flush-redis")))
                .contains(RehearsalOptions.defaults()
                        .withUrl(RehearsalOptions.RUNNING)
                        .withFlushRedis(new FlushRedis(true, new RedisAddress("localhost", 6_379))));
        assertThat(OwnServer.redisIn("  Redis: ready on 127.0.0.1:36521 after 0.2 s"))
                .isEqualTo(new RedisAddress("127.0.0.1", 36_521));
        assertThat(OwnServer.redisIn("  Kafka: ready on 127.0.0.1:36522 after 3.0 s"))
                .isNull();
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
        "--running --flush-redis, name it with --redis HOST:PORT",
        "--url http://127.0.0.1:1 --flush-redis, name it with --redis HOST:PORT",
        "--running --redis localhost:6379, is for --flush-redis",
        "--flush-redis --redis localhost:6379, is for a running server",
        "--running --flush-redis --redis 6379, such as 127.0.0.1:6379",
        "--running --flush-redis --redis localhost:0, from 1 to 65535",
        "--flush-redis --flush-redis, given twice",
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
