package dev.onsale.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.api.InvalidValueException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is text, what is a time, and how large a document may be. */
class TextRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\ud83c\\udfad\"}",
                "{\"a\":\"\\uD83C\\uDFAD\\u0041\"}",
                "{\"a\":\"\ud83c\udfad \u20ac \u00e4\"}",
                "{\"a\":\"\\\\ud800\"}",
                "{\"a\":\"\\\\\\\\ud800 \\\"\"}",
                "{\"a\":[1,2,3],\"b\":{}}",
                "",
                "[]]]]]"
            })
    void valid_text_is_read(String json) {
        assertThat(fault(json)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\\udc00\"}",
                "{\"a\":\"\\ud800x\"}",
                "{\"a\":\"\\ud800\\ud800\"}",
                "{\"a\":\"\\udfad\\ud83c\"}",
                "{\"a\":\"\\ud800\\n\"}",
                "{\"a\":\"\\ud800\ud83c\udfad\"}",
                "{\"\\udc00\":1}",
                "[[{\"x\":[\"\\uDBFF\"]}]]"
            })
    void half_a_character_is_refused_wherever_it_is(String json) {
        assertThat(fault(json)).contains("Unicode");
    }

    @Test
    void bytes_that_are_no_utf_8_are_refused() {
        int[][] invalid = {
            {0x80},
            {0xC0, 0xAF},
            {0xC3},
            {0xE2, 0x82},
            {0xE0, 0x80, 0x80},
            {0xED, 0xA0, 0x80},
            {0xF0, 0x80, 0x80, 0x80},
            {0xF4, 0x90, 0x80, 0x80},
            {0xF8, 0x88, 0x80, 0x80, 0x80},
            {0xFF},
            {0xC3, 0x28}
        };
        for (int[] bytes : invalid) {
            ByteArrayOutputStream json = new ByteArrayOutputStream();
            json.writeBytes("{\"a\":\"".getBytes(StandardCharsets.UTF_8));
            for (int next : bytes) {
                json.write(next);
            }
            json.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
            assertThat(JsonShape.fault(json.toByteArray(), 10))
                    .as("%02x", bytes[0])
                    .contains("Unicode");
        }
    }

    @Test
    void members_and_levels_are_counted_before_anything_is_built() {
        assertThat(fault("[" + "0,".repeat(9) + "0]")).isNull();
        assertThat(fault("[" + "0,".repeat(10) + "0]")).contains("more than 10 members");
        assertThat(fault("{\"a\":[[" + "{},".repeat(10) + "0]]}")).contains("more than 10 members");
        assertThat(fault("[\"" + ",".repeat(100) + "\"]")).isNull();
        assertThat(fault("[".repeat(JsonShape.DEPTH_MAX))).isNull();
        assertThat(fault("[".repeat(JsonShape.DEPTH_MAX + 1))).contains("nested");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/%C3%A4?x=1", "%F0%9F%8E%AD", "plain", "%25", "a%20b"})
    void an_address_in_utf_8_is_text(String address) {
        assertThat(RequestUriFilter.isText(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%ED%A0%80", "%C3", "%C3x%A4", "%FF", "%", "%4", "%zz", "%C0%AF"})
    void an_address_in_other_bytes_is_none(String address) {
        assertThat(RequestUriFilter.isText(address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1969-12-31T23:59:59Z", "+10000-01-01T00:00:00Z", "+999999999-01-01T00:00:00Z", "1893456000000",
                        "1893456000",
                "2026-01-01", "2026-01-01T00:00:00", "-0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z",
                        " 2026-01-01T00:00:00Z",
                "9999-12-31T23:59:59-01:00", "", "now", "2026-01-01T00:00:00[UTC]",
                        "2026-01-01T00:00:00+01:00[Europe/Berlin]"
            })
    void what_is_no_time_of_these_centuries_is_refused(String text) {
        assertThatThrownBy(() -> StrictTimeFormats.instant(text)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void the_first_and_the_last_time_are_taken_and_offsets_as_well() {
        assertThat(StrictTimeFormats.instant("1970-01-01T00:00:00Z")).isEqualTo(Instant.EPOCH);
        assertThat(StrictTimeFormats.instant("9999-12-31T23:59:59.999999999Z")).isEqualTo(StrictTimeFormats.MAX);
        assertThat(StrictTimeFormats.instant("2026-10-25T00:00:00+02:00"))
                .isEqualTo(Instant.parse("2026-10-24T22:00:00Z"));
    }

    @Test
    void durations_are_bounded_in_both_directions() {
        assertThat(StrictTimeFormats.duration("PT5M")).isEqualTo(Duration.ofMinutes(5));
        for (String text :
                new String[] {"P36526D", "-P36526D", "PT99999999999999H", "P106751991167300D", "5", "PT", ""}) {
            assertThatThrownBy(() -> StrictTimeFormats.duration(text))
                    .as(text)
                    .isInstanceOf(InvalidValueException.class);
        }
    }

    private static @org.jspecify.annotations.Nullable String fault(String json) {
        return JsonShape.fault(json.getBytes(StandardCharsets.UTF_8), 10);
    }
}
