package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Forgeries of one sealed and exported sale. Each is found at the level that docs/proof.md says and not below it; those
 * that cannot be found pass, and the threat model lists them.
 */
@Tag("services")
class AdversaryTest {

    @TempDir
    private static @Nullable Path folder;

    private static @Nullable PlayedSale played;

    @BeforeAll
    static void play() throws IOException {
        played = new PlayedSale(Objects.requireNonNull(folder));
    }

    static Stream<Forgery> forgeries() {
        return Forgeries.all().stream();
    }

    private static List<String> check(List<String> lines, Level level) throws Exception {
        PlayedSale sale = Objects.requireNonNull(played);
        Path file = Files.write(Objects.requireNonNull(folder).resolve("sale.jsonl"), lines);
        Trust trust = new Trust(
                level == Level.SELF_CONSISTENT ? null : Keys.inFile(sale.keys),
                level == Level.ANCHORED ? sale.anchors : List.of(),
                level == Level.ANCHORED ? List.of(sale.witnessed) : List.of(),
                false,
                Trust.SEALED_WITHIN);
        List<String> found = new ArrayList<>();
        try {
            ProofResult result = ExportCheck.of(file, trust);
            assertThat(result.trust().level()).isEqualTo(level);
            found.addAll(result.tampering().first());
            result.findings().broken().forEach((rule, broken) -> found.add(rule + " " + broken.first()));
            assertThat(result.passed()).isEqualTo(found.isEmpty());
        } catch (DamagedFileException damaged) {
            found.add(String.valueOf(damaged.getMessage()));
        }
        return found;
    }

    @Test
    void both_untouched_exports_pass_at_each_level() throws Exception {
        PlayedSale sale = Objects.requireNonNull(played);
        for (Level level : Level.values()) {
            assertThat(check(sale.show, level)).as("show, " + level).isEmpty();
            assertThat(check(sale.campaign, level)).as("campaign, " + level).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void each_forgery_is_found_at_its_level_and_not_below(Forgery forgery) throws Exception {
        List<String> forged = forgery.lines(Objects.requireNonNull(played));
        Level at = forgery.foundAt();
        for (Level level : Level.values()) {
            List<String> found = check(forged, level);
            if (at != null && level.compareTo(at) >= 0) {
                assertThat(String.join("\n", found))
                        .as(forgery.name() + " at level " + level.word())
                        .contains(forgery.finding());
            } else if (forgery.role().reaches(level)) {
                assertThat(found)
                        .as(forgery.name() + " at level " + level.word())
                        .isEmpty();
            }
        }
    }

    @Test
    void there_are_forty_in_three_roles_and_the_threat_model_lists_those_that_cannot_be_found() throws Exception {
        List<Forgery> all = Forgeries.all();
        assertThat(all).hasSizeGreaterThanOrEqualTo(40);
        assertThat(all.stream().map(Forgery::name)).doesNotHaveDuplicates();
        assertThat(all.stream().collect(Collectors.groupingBy(Forgery::role)).keySet())
                .containsExactlyInAnyOrder(Forgery.Role.values());
        String threats = Files.readString(Documents.file("docs/proof.md"));
        assertThat(all.stream().filter(forgery -> forgery.foundAt() == null))
                .isNotEmpty()
                .allSatisfy(forgery -> assertThat(threats).contains("| " + forgery.name() + " |"));
    }

    @Test
    void the_document_lists_each_forgery_that_is_found_under_its_level() throws Exception {
        String document = Files.readString(Documents.file("docs/proof.md"));
        for (Level level : Level.values()) {
            String list = document.split("Found at level " + level.word() + ":\\n", 2)[1]
                    .split("\n\n(?!- )", 2)[0];
            assertThat(Forgeries.all().stream()
                            .filter(forgery -> level.equals(forgery.foundAt()))
                            .map(forgery -> "- " + forgery.name()))
                    .as(level.word())
                    .allSatisfy(line -> assertThat(list.lines()).contains(line));
        }
    }
}
