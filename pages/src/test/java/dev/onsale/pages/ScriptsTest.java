package dev.onsale.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no script of the pages may do. */
class ScriptsTest {

    /** Ways to turn text into markup or code, and addresses of other hosts. */
    private static final Pattern FORBIDDEN = Pattern.compile("innerHTML|outerHTML|insertAdjacentHTML|document\\.write"
            + "|createContextualFragment|DOMParser|\\beval\\(|new Function|https?://|//# sourceMappingURL");

    private static final int LINE_MAX = 200;

    @Test
    void no_script_makes_markup_or_code_of_text_and_none_names_another_host() throws IOException {
        for (Path script : Sources.scripts()) {
            assertThat(lines(script).filter(line -> FORBIDDEN.matcher(line).find()))
                    .as(script.toString())
                    .isEmpty();
        }
    }

    @Test
    void the_scripts_are_sources_and_not_minified() throws IOException {
        for (Path script : Sources.scripts()) {
            assertThat(lines(script).filter(line -> line.length() > LINE_MAX))
                    .as(script.toString())
                    .isEmpty();
        }
    }

    @Test
    void the_first_load_is_small() throws IOException {
        StaticFiles files = StaticFiles.load();
        int bytes = files.all().stream()
                .filter(file -> file.isForEveryPage()
                        || file.name().equals("onsale.css")
                        || file.name().equals("texts/ko.json"))
                .mapToInt(file -> file.size(true))
                .sum();
        assertThat(bytes).isLessThan(60 * 1024);
    }

    private static Stream<String> lines(Path script) throws IOException {
        List<String> lines = Files.readAllLines(script);
        return lines.stream();
    }
}
