package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.proof.verify.CommandArguments.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandArgumentsTest {

    private interface Reading {
        Object of(CommandArguments rest) throws Exception;
    }

    private static void assertRefused(Reading reading, String value, String says) {
        Assertions.assertThatThrownBy(() -> reading.of(new CommandArguments(List.of(value))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(says);
    }

    @Test
    void a_wrong_value_is_told_with_the_name_of_its_option(@TempDir Path folder) throws Exception {
        String noKeys =
                Files.writeString(folder.resolve("empty.json"), "{\"keys\":[]}").toString();
        String noJson = Files.writeString(folder.resolve("text"), "not JSON").toString();
        assertRefused(rest -> rest.duration("--every"), "ten minutes", "--every is a duration");
        assertRefused(rest -> rest.anchor("--anchor"), "17", "--anchor is NUMBER:SEAL");
        assertRefused(rest -> rest.anchor("--anchor"), "17:00", "--anchor is NUMBER:SEAL");
        assertRefused(rest -> rest.anchor("--anchor"), "x:" + "00".repeat(32), "--anchor is NUMBER:SEAL");
        assertRefused(rest -> rest.keys("--key"), noKeys, "no JSON Web Key in");
        assertRefused(rest -> rest.keys("--key"), noJson, "no JSON Web Key in");
        assertThat(new CommandArguments(List.of("PT10M")).duration("--every")).isEqualTo(Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--key", "--anchor", "--witness", "--sealed-within", "--every", "--file"})
    void an_option_without_its_value_is_a_wrong_command_line(String option) throws Exception {
        Assertions.assertThatThrownBy(() -> new CommandArguments(List.of()).value(option))
                .hasMessage(option + " needs a value");
        assertThat(VerifyMain.run(List.of("file", option))).isEqualTo(2);
        assertThat(VerifyReceiptMain.run(List.of("file", option))).isEqualTo(2);
        assertThat(WitnessMain.run(List.of("http://127.0.0.1:9", option))).isEqualTo(2);
    }
}
