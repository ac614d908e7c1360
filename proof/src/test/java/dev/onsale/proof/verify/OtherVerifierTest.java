package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onsale.proof.export.ExportFormat;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The verifier in Python, written from docs/proof.md, agrees with the one in Java. */
@Tag("services")
class OtherVerifierTest {

    private static final int SECONDS_MAX = 120;

    @TempDir
    private static @Nullable Path folder;

    private static @Nullable PlayedSale played;

    @BeforeAll
    static void play() throws Exception {
        boolean present = python("-c", "import cryptography") == 0;
        if ("true".equals(System.getenv("CI"))) {
            assertThat(present)
                    .as("python3 with cryptography must be installed")
                    .isTrue();
        }
        assumeTrue(present, "skipped: python3 with cryptography is not installed");
        played = new PlayedSale(Objects.requireNonNull(folder));
    }

    /** Exit code; -1 if there is no python3. */
    private static int python(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        try {
            Path output = Objects.requireNonNull(folder).resolve("python.txt");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (IOException none) {
            return -1;
        }
    }

    private static String output() throws IOException {
        return Files.readString(Objects.requireNonNull(folder).resolve("python.txt"), StandardCharsets.UTF_8);
    }

    private static int verify(List<String> lines, Level level) throws Exception {
        PlayedSale sale = Objects.requireNonNull(played);
        Path file = Files.write(Objects.requireNonNull(folder).resolve("other.jsonl"), lines);
        List<String> arguments =
                new ArrayList<>(List.of(Documents.file("docs/proof/verify.py").toString(), file.toString()));
        if (level != Level.SELF_CONSISTENT) {
            arguments.addAll(List.of("--key", sale.keys.toString()));
        }
        if (level == Level.ANCHORED) {
            sale.anchors.forEach(
                    anchor -> arguments.addAll(List.of("--anchor", anchor.number() + ":" + anchor.seal())));
        }
        return python(arguments.toArray(String[]::new));
    }

    @Test
    void good_files_pass_at_each_level() throws Exception {
        PlayedSale sale = Objects.requireNonNull(played);
        for (Level level : Level.values()) {
            for (List<String> lines : List.of(sale.show, sale.campaign)) {
                assertThat(verify(lines, level)).as(output()).isZero();
                assertThat(output()).contains("PASS  " + level.word());
            }
        }
    }

    @Test
    void forged_files_fail_at_the_level_that_finds_them() throws Exception {
        int found = 0;
        for (Forgery forgery : Forgeries.all()) {
            Level at = forgery.foundAt();
            // The rules of a sale are not part of the other verifier.
            boolean isRule =
                    forgery.finding().matches("[A-Z_]+") && !forgery.finding().equals("DRAWN_AS_PROMISED");
            if (at != null
                    && !isRule
                    && !forgery.finding().startsWith("belongs to")
                    && !forgery.finding().startsWith("the end of the log")
                    && !forgery.finding().startsWith("was the newest")) {
                assertThat(verify(forgery.lines(Objects.requireNonNull(played)), at))
                        .as(forgery.name() + "\n" + output())
                        .isEqualTo(1);
                found++;
            }
        }
        assertThat(found).isGreaterThan(30);
    }

    /** Lines that some readers of JSON take for the canonical ones. */
    static Stream<UnaryOperator<String>> spellings() {
        return Stream.of(
                line -> line.replaceFirst("\"number\":(\\d+)", "\"number\":0,\"number\":$1"),
                line -> line.replaceFirst("\"number\":(\\d+)", "\"number\":$1.0"),
                line -> line.replaceFirst("\"number\":(\\d+)", "\"number\":$1e0"),
                line -> line.replaceFirst("\"number\":1,", "\"number\":true,"),
                line -> line.replaceFirst("\"number\":(\\d+)", "\"number\":\"$1\""),
                line -> line.replaceFirst("\"number\":\\d+", "\"number\":NaN"),
                line -> line.replaceFirst("\"number\":\\d+", "\"number\":99999999999999999999"),
                line -> line.replaceFirst("\"number\":\\d+", "\"number\":-9999999999999999999999999"),
                line -> line.replaceFirst("\"number\":(\\d+)", "\"number\": $1"),
                line -> line.replaceFirst("\"kind\"", "\"\\\\u006bind\""),
                line -> line.replaceFirst("}$", ",\"note\":1}"),
                line -> line + " ",
                line -> line + "\r",
                line -> "\uFEFF" + line);
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void both_refuse_another_spelling_of_a_line(UnaryOperator<String> change) throws Exception {
        PlayedSale sale = Objects.requireNonNull(played);
        for (String kind : List.of("event", "admission", "seal")) {
            Forger forger = new Forger(sale.show);
            List<String> lines = new ArrayList<>(forger.lines());
            int at = 0;
            while (!lines.get(at).startsWith("{\"kind\":\"" + kind + "\",\"number\":1,")) {
                at++;
            }
            String changed = change.apply(lines.get(at));
            assertThat(changed).isNotEqualTo(lines.get(at));
            lines.set(at, changed);
            lines.removeLast();
            Digest digest = Digest.sha256((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            lines.add(ExportFormat.render(ExportLine.End.of(lines.size(), digest, null, null)));
            assertThat(verify(lines, Level.SELF_CONSISTENT))
                    .as(kind + " in Python: " + output())
                    .isEqualTo(1);
            Path file = Files.write(Objects.requireNonNull(folder).resolve("spelled.jsonl"), lines);
            assertThat(ExportCheck.of(file, null, null).tampering().first())
                    .as(kind + " in Java")
                    .isNotEmpty();
        }
    }
}
