package dev.onsale.rehearsal.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A generated section of a document, between two comments. The rest of the document is written by hand.
 *
 * @param document path within the repository
 */
record GeneratedSection(String document, String name) {

    private static final boolean WRITE = Boolean.getBoolean("onsale.docs.write");

    /**
     * Fails if the section differs from the content. With {@code -Donsale.docs.write=true} it writes the content
     * instead.
     */
    void requireOrWrite(String content, Class<?> test) throws IOException {
        Path file = Path.of(System.getProperty("basedir", "."), "..", document).normalize();
        String text = Files.readString(file);
        int from = after(text, "<!-- generated: " + name + " -->\n");
        int to = text.indexOf("<!-- end of " + name + " -->", from);
        assertThat(to).as("end of the section %s in %s", name, document).isNotNegative();
        if (WRITE) {
            Files.writeString(file, text.substring(0, from) + content + text.substring(to));
        } else {
            assertThat(text.substring(from, to))
                    .as(
                            "%s is stale. Write it again: mvn -pl rehearsal -am -Dtest=%s"
                                    + " -Dsurefire.failIfNoSpecifiedTests=false -Donsale.docs.write=true package",
                            document, test.getSimpleName())
                    .isEqualTo(content);
        }
    }

    private int after(String text, String mark) {
        int at = text.indexOf(mark);
        assertThat(at).as("%s in %s", mark.strip(), document).isNotNegative();
        return at + mark.length();
    }
}
