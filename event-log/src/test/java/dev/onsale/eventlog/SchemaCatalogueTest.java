package dev.onsale.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.LogicalType;
import dev.onsale.api.OnsaleEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.node.ObjectNode;

/**
 * Facts may change only so that nobody who reads them breaks. The schema of a version is approved once; a record that no
 * longer fits it needs a new version, a new schema and an upcaster.
 */
class SchemaCatalogueTest {

    private static final Path RECEIVED = Path.of("target/received-schemas");
    private static final Path APPROVED_EVENTS = Path.of("src/test/resources/approved-events");

    static Stream<Class<? extends OnsaleEvent>> events() {
        return EventCatalogue.all().stream();
    }

    static List<String> names() {
        return SchemaCatalogue.names();
    }

    @ParameterizedTest
    @MethodSource("events")
    void a_fact_is_as_the_approved_schema_of_its_version_has_it(Class<? extends OnsaleEvent> event) throws IOException {
        LogicalType type = EventCatalogue.typeOf(event);
        String name = type.value() + ".v" + type.version();
        ObjectNode today = SchemaOfRecord.of(event, name);
        byte[] approved = SchemaCatalogue.find(name).orElse(null);
        if (approved == null || !EventJson.mapper().readTree(approved).equals(today)) {
            Files.createDirectories(RECEIVED);
            Files.writeString(RECEIVED.resolve(name + ".json"), text(today));
        }
        assertThat(approved)
                .as(
                        "%s has no approved schema in src/main/resources/schemas; what was received is in %s",
                        name, RECEIVED)
                .isNotNull();
        assertThat(SchemaChanges.breaking(EventJson.mapper().readTree(approved), today))
                .as(
                        "%s has changed so that its readers break: make version %d, with an upcaster",
                        name, type.version() + 1)
                .isEmpty();
        assertThat(today)
                .as("%s has changed, and no reader breaks: approve what was received in %s", name, RECEIVED)
                .isEqualTo(EventJson.mapper().readTree(approved));
    }

    @ParameterizedTest
    @MethodSource("names")
    void an_approved_fact_of_every_version_fits_its_schema_and_can_still_be_read(String name) throws IOException {
        String fact = Files.readString(APPROVED_EVENTS.resolve(name + ".json"));
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(new String(SchemaCatalogue.find(name).orElseThrow(), StandardCharsets.UTF_8));
        assertThat(schema.validate(fact, InputFormat.JSON)).isEmpty();

        int dot = name.lastIndexOf(".v");
        OnsaleEvent read = EventJson.read(name.substring(0, dot), Integer.parseInt(name.substring(dot + 2)), fact);
        assertThat(EventCatalogue.typeOf(read.getClass()).value()).isEqualTo(name.substring(0, dot));
    }

    @Test
    void a_schema_bites() {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(
                        new String(SchemaCatalogue.find("onsale.seat-held.v1").orElseThrow(), StandardCharsets.UTF_8));
        assertThat(schema.validate("{\"seatId\":7}", InputFormat.JSON)).hasSizeGreaterThan(1);
    }

    private record Before(String seat, int token, @Nullable String note, List<Part> parts) {}

    private record Part(String name) {}

    private record Renamed(
            String place, int token, @Nullable String note, List<Part> parts) {}

    private record OtherType(
            String seat, String token, @Nullable String note, List<Part> parts) {}

    private record NowRequired(String seat, int token, String note, List<Part> parts) {}

    private record NowOptional(
            @Nullable String seat, int token, @Nullable String note, List<Part> parts) {}

    private record NewRequired(
            String seat, int token, @Nullable String note, List<Part> parts, String more) {}

    private record OtherPart(String name, int size) {}

    private record OtherInside(
            String seat, int token, @Nullable String note, List<OtherPart> parts) {}

    private record NewOptional(
            String seat,
            int token,
            @Nullable String note,
            List<Part> parts,
            @Nullable String more) {}

    static Stream<Class<?>> breakingRecords() {
        return Stream.of(
                Renamed.class,
                OtherType.class,
                NowRequired.class,
                NowOptional.class,
                NewRequired.class,
                OtherInside.class);
    }

    @ParameterizedTest
    @MethodSource("breakingRecords")
    void a_planted_change_without_a_new_version_is_found(Class<?> changed) {
        assertThat(SchemaChanges.breaking(schema(Before.class), schema(changed)))
                .isNotEmpty();
    }

    @Test
    void an_optional_property_may_be_added() {
        assertThat(SchemaChanges.breaking(schema(Before.class), schema(NewOptional.class)))
                .isEmpty();
    }

    private static ObjectNode schema(Class<?> type) {
        return SchemaOfRecord.of(type, "planted");
    }

    private static String text(ObjectNode schema) {
        return EventJson.mapper()
                        .writer()
                        .with(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(schema) + "\n";
    }
}
