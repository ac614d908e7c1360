package dev.onsale.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every language says the same things, and the scripts use no text that is missing. */
class TextsTest {

    private static final Path PAGES = Path.of("src/main/resources/pages");
    private static final Pattern VALUE = Pattern.compile("\\{(\\w+)}");
    private static final Pattern USE = Pattern.compile("\\bt\\(\\s*['`]([\\w.-]+)");
    private static final Map<String, Set<String>> PLURALS =
            Map.of("en", Set.of("one", "other"), "de", Set.of("one", "other"), "ko", Set.of("other"));

    private final JsonNode english = texts("en");

    @ParameterizedTest
    @ValueSource(strings = {"de", "ko"})
    void a_language_has_every_text_with_the_same_values(String language) {
        JsonNode texts = texts(language);
        assertThat(names(texts)).isEqualTo(names(english));
        for (String key : names(english)) {
            assertThat(values(texts.path(key))).as(language + " " + key).isEqualTo(values(english.path(key)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "ko"})
    void texts_with_a_number_have_all_plural_forms_of_their_language(String language) {
        JsonNode texts = texts(language);
        for (String key : names(texts)) {
            JsonNode text = texts.path(key);
            assertThat(text.isObject()).as(key).isEqualTo(english.path(key).isObject());
            if (text.isObject()) {
                assertThat(names(text)).as(language + " " + key).isEqualTo(PLURALS.get(language));
            }
        }
    }

    @Test
    void every_text_that_the_scripts_use_is_there() throws IOException {
        Set<String> missing = used().stream()
                .filter(use -> use.endsWith(".")
                        ? names(english).stream().noneMatch(key -> key.startsWith(use))
                        : !english.has(use))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(missing).isEmpty();
    }

    @Test
    void every_text_is_used() throws IOException {
        Set<String> uses = used();
        // What the API says is looked up with a prefix: problem.CODE, reason.CODE.
        List<String> prefixes = Stream.concat(
                        uses.stream().filter(use -> use.endsWith(".")), Stream.of("problem.", "reason."))
                .toList();
        assertThat(names(english).stream()
                        .filter(key -> !uses.contains(key) && prefixes.stream().noneMatch(key::startsWith)))
                .isEmpty();
    }

    private static Set<String> used() throws IOException {
        Set<String> uses = new TreeSet<>();
        for (Path script : Sources.scripts()) {
            USE.matcher(Files.readString(script))
                    .results()
                    .map(use -> use.group(1))
                    .forEach(uses::add);
        }
        return uses;
    }

    private static Set<String> values(JsonNode text) {
        return VALUE.matcher(text.toString())
                .results()
                .map((MatchResult value) -> value.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(JsonNode object) {
        return new TreeSet<>(object.propertyNames());
    }

    private static JsonNode texts(String language) {
        return JsonMapper.shared()
                .readTree(PAGES.resolve("texts/" + language + ".json").toFile());
    }
}
