package dev.onsale.rehearsal.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import tools.jackson.databind.json.JsonMapper;

/** {@code docs/configuration.md} lists every setting in the Spring configuration metadata of all modules. */
class SettingsDocumentTest {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final GeneratedSection SECTION = new GeneratedSection("docs/configuration.md", "settings");

    private final Map<String, Setting> settings = settings();
    private final Properties whenRun = whenRun();

    @Test
    void the_document_has_all_settings() throws IOException {
        StringBuilder content = new StringBuilder();
        String section = "";
        for (Setting setting : settings.values()) {
            if (setting.group().isPresent()) {
                continue;
            }
            if (!setting.section().equals(section)) {
                section = setting.section();
                content.append("\n## `")
                        .append(section)
                        .append("`\n\n| setting | type | default | meaning |\n|---|---|---|---|\n");
            }
            content.append(setting.row(whenRun.getProperty(setting.name(), "")));
        }
        SECTION.requireOrWrite(content.append('\n').toString(), getClass());
    }

    @Test
    void every_setting_says_what_it_means() {
        assertThat(settings.values())
                .allSatisfy(setting -> assertThat(setting.description()).isNotBlank());
    }

    @Test
    void every_part_of_a_group_is_a_setting() {
        settings.values().forEach(setting -> setting.group().ifPresent(group -> {
            String prefix = setting.name() + (setting.type().startsWith("java.util.Map") ? ".<sale-id>." : ".");
            assertThat(settings)
                    .containsKeys(Arrays.stream(group.getRecordComponents())
                            .map(part -> prefix + dashed(part.getName()))
                            .toArray(String[]::new));
        }));
    }

    @Test
    void every_property_that_is_read_or_set_elsewhere_is_a_setting() {
        Set<String> used = Stream.concat(conditions(), whenRun.stringPropertyNames().stream())
                .filter(name -> name.startsWith("onsale."))
                .collect(Collectors.toSet());

        assertThat(used).isNotEmpty();
        assertThat(settings).containsKeys(used.toArray(String[]::new));
    }

    private static Stream<String> conditions() {
        return new ClassFileImporter()
                .importPackages("dev.onsale").stream()
                        .flatMap(SettingsDocumentTest::conditionsOf)
                        .flatMap(condition -> Stream.of("name", "value")
                                .flatMap(key -> Arrays.stream(
                                        (String[]) condition.get(key).orElse(new String[0]))));
    }

    private static Stream<JavaAnnotation<?>> conditionsOf(JavaClass type) {
        return Stream.concat(
                        type.getAnnotations().stream(),
                        type.getMethods().stream().flatMap(method -> method.getAnnotations().stream()))
                .filter(annotation -> annotation.getRawType().isEquivalentTo(ConditionalOnProperty.class))
                .map(annotation -> annotation);
    }

    private static Map<String, Setting> settings() {
        Map<String, Setting> settings = new TreeMap<>();
        try {
            for (URL file : Collections.list(Setting.class.getClassLoader().getResources(METADATA))) {
                try (InputStream metadata = file.openStream()) {
                    JsonMapper.shared()
                            .readTree(metadata)
                            .path("properties")
                            .valueStream()
                            .map(Setting::of)
                            .filter(setting -> setting.name().startsWith("onsale."))
                            .forEach(setting -> assertThat(settings.merge(setting.name(), setting, (one, two) -> one))
                                    .isEqualTo(setting));
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return settings;
    }

    /** The settings that {@code ./onsale run} sets. */
    private static Properties whenRun() {
        Properties properties = new Properties();
        try (InputStream file = Objects.requireNonNull(Setting.class.getResourceAsStream("/application.properties"))) {
            properties.load(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return properties;
    }

    private static String dashed(String name) {
        return ConfigurationPropertyName.of(
                        "a." + name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT))
                .getLastElement(ConfigurationPropertyName.Form.ORIGINAL);
    }
}
