package dev.onsale.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.query.readmodel.Projection;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.readmodel.ReadModels;
import dev.onsale.query.readmodel.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Whatever is folded from facts is in the registry: what is not there is not rebuilt. */
class ReadModelRegistryTest extends QuerySideTest {

    private static final Pattern NEW_TABLE = Pattern.compile("CREATE TABLE (?<name>\\w+)");

    /** No fold: a position says how far this side has read. */
    private static final List<String> OTHER_PROJECTIONS = List.of("PositionProjection");

    private static final List<String> OTHER_TABLES = List.of(
            "read_position",
            "projection_turn",
            "projection_generation",
            "projection_rebuild",
            "kafka_dead_letter",
            "parked_key");

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private ReadModels models;

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private Map<String, Projection> projections;

    @Test
    void a_projection_is_a_read_model_or_the_one_that_needs_no_rebuild() {
        assertThat(projections.entrySet().stream()
                        .filter(projection -> !projection.getKey().equals("brokenProjection"))
                        .map(projection -> projection.getValue().getClass().getSimpleName()))
                .containsExactlyInAnyOrderElementsOf(OTHER_PROJECTIONS);
    }

    @Test
    void every_table_of_the_query_side_belongs_to_a_read_model_or_is_named_here() throws IOException {
        List<String> declared = models.all().stream()
                .flatMap(model -> model.tables().stream())
                .map(Table::name)
                .toList();
        assertThat(declared).doesNotHaveDuplicates();
        assertThat(migrated())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(declared.stream(), OTHER_TABLES.stream()).toList());
    }

    private static List<String> migrated() throws IOException {
        List<String> names = new ArrayList<>();
        for (Resource migration :
                new PathMatchingResourcePatternResolver().getResources("classpath*:db/migration/query/*.sql")) {
            Matcher table = NEW_TABLE.matcher(migration.getContentAsString(StandardCharsets.UTF_8));
            while (table.find()) {
                names.add(table.group("name"));
            }
        }
        return names;
    }

    @Test
    void the_api_lists_the_names_of_the_registry() {
        List<String> listed = models.all().stream().map(model -> model.name()).toList();
        assertThat(listed).isEqualTo(ReadModelName.texts()).contains("sales-statistics");
    }

    @Test
    void a_table_declares_every_column_that_the_database_has() {
        models.all().stream().flatMap(model -> model.tables().stream()).forEach(table -> {
            List<String> columns = jdbc.sql("SELECT column_name FROM information_schema.columns WHERE table_schema ="
                            + " DATABASE() AND table_name = ?")
                    .param(table.name())
                    .query(String.class)
                    .list();
            assertThat(table.columns()).as(table.name()).containsExactlyInAnyOrderElementsOf(columns);
        });
    }
}
