package dev.onsale.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.LogicalType;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.performance.LatestInstants;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.reservation.PaymentRequested;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is in the store stays readable: each event version ever shipped has an approved JSON file. A new event needs a new
 * file; a changed event needs a new version, a new file and an upcaster, and the old file stays.
 */
class ApprovedEventsTest {

    private static final Path APPROVED = Path.of("src/test/resources/approved-events");
    private static final Path RECEIVED = Path.of("target/received-events");

    private final LogicalTypeSerializer serializer = LogicalTypeSerializer.with(Set.of());

    static Stream<Class<? extends OnsaleEvent>> events() {
        return EventCatalogue.all().stream();
    }

    @ParameterizedTest
    @MethodSource("events")
    void an_event_is_written_as_approved_and_reads_back_as_it_was(Class<? extends OnsaleEvent> type)
            throws IOException {
        OnsaleEvent sample = Samples.of(type);
        String received = EventJson.mapper()
                        .writer()
                        .with(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(sample)
                + "\n";
        Path approved = APPROVED.resolve(fileOf(type));
        if (!Files.exists(approved) || !Files.readString(approved).equals(received)) {
            Files.createDirectories(RECEIVED);
            Files.writeString(RECEIVED.resolve(fileOf(type)), received);
        }
        assertThat(approved)
                .as("a new event or version needs an approved file; what was received is in %s", RECEIVED)
                .exists();
        assertThat(received).isEqualTo(Files.readString(approved));
        assertThat(EventJson.mapper().readValue(Files.readString(approved), type))
                .isEqualTo(sample);
    }

    @ParameterizedTest
    @MethodSource("events")
    void an_event_is_stored_under_its_logical_type(Class<? extends OnsaleEvent> type) {
        LogicalType logical = EventCatalogue.typeOf(type);
        SerializedObject<byte[]> stored = serializer.serialize(Samples.of(type), byte[].class);
        assertThat(stored.getType().getName()).isEqualTo(logical.value()).startsWith("onsale.");
        assertThat(stored.getType().getRevision()).isEqualTo(Integer.toString(logical.version()));
        OnsaleEvent read = serializer.deserialize(new SimpleSerializedObject<>(
                stored.getData(),
                byte[].class,
                stored.getType().getName(),
                stored.getType().getRevision()));
        assertThat(read).isEqualTo(Samples.of(type));
    }

    @Test
    void every_approved_file_belongs_to_an_event_that_can_still_be_read() throws IOException {
        Set<String> known = events().map(ApprovedEventsTest::nameOf).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(APPROVED)) {
            assertThat(files.map(file -> file.getFileName().toString().replaceFirst("\\.v\\d+\\.json$", "")))
                    .isSubsetOf(known);
        }
    }

    @Test
    void a_payment_that_was_requested_before_tokens_were_sealed_is_read_with_its_token() {
        String before = """
                {"reservationId":"01900000-0000-7000-8000-000000000001","performanceId":"01900000-0000-7000-8000-000000000001",
                 "buyerId":"alice","paymentId":"01900000-0000-7000-8000-000000000001",
                 "amount":{"minorUnits":4900,"currency":"EUR"},"method":{"type":"card","token":"token"},
                 "payBefore":"2026-12-01T12:00:00.123Z","requestedAt":"2026-12-01T12:00:00.123Z"}""";
        PaymentRequested sample = Samples.of(PaymentRequested.class);
        PaymentRequested read = (PaymentRequested) EventJson.read("onsale.payment-requested", 1, before);
        assertThat(read)
                .isEqualTo(new PaymentRequested(
                        sample.reservationId(),
                        sample.performanceId(),
                        sample.buyerId(),
                        sample.paymentId(),
                        sample.amount(),
                        new PaymentMethod.Card("token"),
                        sample.payBefore(),
                        sample.requestedAt()));
        assertThat(read.told().method()).isEqualTo(new PaymentMethod.Card("toke***"));
    }

    @Test
    void a_performance_that_was_scheduled_before_there_were_latest_instants_is_sold_until_it_starts() {
        PerformanceScheduled sample = Samples.of(PerformanceScheduled.class);
        ObjectNode before = (ObjectNode) EventJson.mapper().valueToTree(sample);
        before.remove(List.of("holdingEndsAt", "sellingEndsAt", "cancellableUntil"));
        before.put("startsAt", "2026-12-31T19:00:00Z");
        PerformanceScheduled read =
                (PerformanceScheduled) EventJson.read("onsale.performance-scheduled", 1, before.toString());
        Instant start = Instant.parse("2026-12-31T19:00:00Z");
        assertThat(read.sellingEndsAt()).isNull();
        assertThat(read.latestInstants()).isEqualTo(new LatestInstants(start, start, start));
        assertThat(read.holdableUntil()).as("the window's end is earlier").isEqualTo(read.saleClosesAt());
    }

    private static String nameOf(Class<? extends OnsaleEvent> type) {
        return EventCatalogue.typeOf(type).value();
    }

    private static String fileOf(Class<? extends OnsaleEvent> type) {
        return nameOf(type) + ".v" + EventCatalogue.typeOf(type).version() + ".json";
    }
}
