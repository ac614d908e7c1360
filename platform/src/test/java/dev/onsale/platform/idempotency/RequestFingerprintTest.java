package dev.onsale.platform.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.platform.idempotency.RequestFingerprint.Match;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestFingerprintTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"b\":[1,2]} | {\"b\":[1,2],\"a\":1}",
                "{\"a\":1} | { \"a\" :\t1 }",
                "{\"a\":{\"x\":1,\"y\":{\"q\":0,\"p\":2}}} | {\"a\":{\"y\":{\"p\":2,\"q\":0},\"x\":1}}",
                "{\"a\":\"A\u00e4\"} | {\"\\u0061\":\"\\u0041\\u00e4\"}",
                "{\"a\":\"\u00e4/\"} | {\"a\":\"\\u00E4\\/\"}",
                "{\"a\":1} | {\"a\":1.0}",
                "{\"a\":100} | {\"a\":1e2}",
                "{\"a\":0} | {\"a\":-0.0}",
                "{\"a\":1e999999} | {\"a\":10E999998}",
                "[{\"a\":1,\"b\":2}] | [{\"b\":2,\"a\":1}]",
            })
    void the_same_meaning_is_the_same_request(String first, String second) {
        assertThat(match(first, second)).isEqualTo(Match.SAME);
        assertThat(match(second, first)).isEqualTo(Match.SAME);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1} | {\"a\":2}",
                "{\"a\":1} | {\"a\":\"1\"}",
                "{\"a\":1} | {\"b\":1}",
                "{\"a\":null} | {}",
                "{\"a\":null} | {\"a\":false}",
                "{\"a\":[1,2]} | {\"a\":[2,1]}",
                "{\"a\":[1,[2]]} | {\"a\":[[1],2]}",
                "{\"a\":{\"b\":1},\"c\":2} | {\"a\":{\"b\":1,\"c\":2}}",
                "{\"a\":\"b\",\"c\":\"d\"} | {\"a\":\"b\\\",\\\"c\\\":\\\"d\"}",
                "{\"a\":1,\"a\":2} | {\"a\":2,\"a\":1}",
                "{\"a\":2} | {\"a\":1,\"a\":2}",
                "{\"a\":0.1} | {\"a\":0.10000000000000000001}",
                "{\"a\":\"A\"} | {\"a\":\"a\"}",
                "{\"a\":\"1\"} | {\"a\":\" 1\"}",
            })
    void another_meaning_is_another_request(String first, String second) {
        assertThat(match(first, second)).isEqualTo(Match.OTHER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{\"a\":1 | {\"a\": 1", "text | texts", "{\"a\":1}{} | {\"a\":1} {}", "\"a\" | 'a'", "[1,] | [1 ,]"
            })
    void what_is_no_json_is_compared_by_its_bytes(String first, String second) {
        assertThat(match(first, first)).isEqualTo(Match.SAME);
        assertThat(match(first, second)).isEqualTo(Match.OTHER);
    }

    @Test
    void nothing_is_the_same_as_nothing() {
        assertThat(match("", "")).isEqualTo(Match.SAME);
        assertThat(match("{}", "")).isEqualTo(Match.OTHER);
    }

    @Test
    void a_fingerprint_of_the_version_before_says_no_only_where_it_can() {
        RequestFingerprint request = of("{\"a\":1,\"b\":2}");
        assertThat(request.match(Fingerprint.ofBytes(bytes("{\"a\":1,\"b\":2}"))))
                .isEqualTo(Match.SAME);
        assertThat(request.match(Fingerprint.ofBytes(bytes("{\"b\":2,\"a\":1}"))))
                .isEqualTo(Match.UNKNOWN);
        assertThat(of("").match(Fingerprint.ofBytes(bytes("x")))).isEqualTo(Match.OTHER);
    }

    @Test
    void a_million_entries_and_the_deepest_nesting_that_is_read_are_compared_within_seconds() {
        String many = "{\"list\":[" + "{\"b\":1,\"a\":\"x\"},".repeat(1_000_000) + "0]}";
        String other = "{\"list\":[" + "{\"a\":\"x\",\"b\":1},".repeat(1_000_000) + "0]}";
        assertThat(match(many, other)).isEqualTo(Match.SAME);
        String deep = "[".repeat(400) + "]".repeat(400);
        assertThat(match(deep, " " + deep)).isEqualTo(Match.SAME);
        String deeper = "[".repeat(100_000) + "]".repeat(100_000);
        assertThat(match(deeper, deeper)).isEqualTo(Match.SAME);
    }

    private static Match match(String first, String second) {
        return of(second).match(of(first).fingerprint());
    }

    private static RequestFingerprint of(String body) {
        return RequestFingerprint.of(bytes(body));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
