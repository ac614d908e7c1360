package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.proof.export.ExportFormat;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.SealedSale;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Exports a real sale over HTTP, changes the export in many ways and checks that each change is detected. */
@SharedOnsale
class TamperingTest {

    private static @Nullable Sale sale;

    private final Onsale onsale;
    private final Path file;

    /**
     * @param download the bytes as downloaded
     * @param head response of the head of the seals after the download
     */
    private record Sale(String performance, List<Byte> download, JsonNode head) {
        byte[] export() {
            byte[] bytes = new byte[download.size()];
            for (int index = 0; index < bytes.length; index++) {
                bytes[index] = download.get(index);
            }
            return bytes;
        }
    }

    TamperingTest(Onsale onsale, @TempDir Path folder) {
        this.onsale = onsale;
        this.file = folder.resolve("sale.jsonl.gz");
    }

    @BeforeEach
    void aSale() throws Exception {
        if (sale != null) {
            return;
        }
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person ann = onsale.person("proof-ann");
        Person ben = onsale.person("proof-ben");
        String paid = ann.hasHeld(performance, "P-1-1", "P-1-2");
        ann.pays(paid, "pay", Person.GOOD_CARD).require(202);
        ann.awaits(paid, "CONFIRMED", "CAPTURED");
        String declined = ben.hasHeld(performance, "P-2-1");
        ben.pays(declined, "pay", Person.BAD_CARD).require(202);
        ben.awaits(declined, "HELD", "DECLINED");
        ben.cancels(declined).require(200);
        sale = new Sale(performance, boxed(exportedOnceSealed(performance)), head());
    }

    private static List<Byte> boxed(byte[] bytes) {
        List<Byte> boxed = new ArrayList<>(bytes.length);
        for (byte one : bytes) {
            boxed.add(one);
        }
        return List.copyOf(boxed);
    }

    private Sale theSale() {
        return Objects.requireNonNull(sale);
    }

    private JsonNode head() throws Exception {
        return Exported.head(onsale);
    }

    private byte[] exportedOnceSealed(String performance) throws Exception {
        return Exported.onceSealed(onsale, performance);
    }

    private ProofResult check(byte[] bytes) throws Exception {
        return check(bytes, null, null);
    }

    private ProofResult check(byte[] bytes, @Nullable Keys keys, @Nullable Anchor anchor) throws Exception {
        Files.write(file, bytes);
        return ExportCheck.of(file, keys, anchor);
    }

    private Exported exported() throws Exception {
        return new Exported(theSale().export());
    }

    private Keys trusted() throws Exception {
        Path keys = file.resolveSibling("keys.json");
        Files.writeString(keys, theSale().head().toString());
        return Keys.inFile(keys);
    }

    @Test
    void an_untouched_export_passes_compressed_and_not() throws Exception {
        JsonNode seal = theSale().head().path("seal");
        Anchor anchor =
                Anchor.of(seal.path("number").asLong() + ":" + seal.path("seal").asString());
        for (byte[] bytes : List.of(theSale().export(), exported().plain())) {
            ProofResult result = check(bytes, trusted(), anchor);
            assertThat(result.tampering().first()).isEmpty();
            assertThat(result.findings().broken()).isEmpty();
            assertThat(result.events()).isGreaterThan(15);
            assertThat(result.atItsEnd()).isTrue();
            assertThat(result.signed()).isTrue();
            assertThat(result.passed()).isTrue();
        }
        Files.write(file, theSale().export());
        assertThat(VerifyMain.run(List.of(file.toString()))).isZero();
    }

    @Test
    void a_fact_of_an_old_version_is_exported_as_it_was_written_and_passes() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        String old = "{\"performanceId\":\"" + performance + "\",\"closedAt\":\"2026-11-21T08:00:00Z\"}";
        try (Connection database = onsale.database().connect();
                PreparedStatement insert = database.prepareStatement("INSERT INTO domain_event (event_identifier,"
                        + " aggregate_identifier, sequence_number, type, time_stamp, payload_type, payload_revision,"
                        + " payload, meta_data) VALUES (?, ?, 1, 'Performance', ?, 'onsale.sale-closed', '1', ?, ?)")) {
            insert.setString(1, UUID.randomUUID().toString());
            insert.setString(2, performance);
            insert.setString(3, Instant.now().toString());
            insert.setBytes(4, old.getBytes(StandardCharsets.UTF_8));
            insert.setBytes(5, "{}".getBytes(StandardCharsets.UTF_8));
            insert.executeUpdate();
        }
        byte[] export = exportedOnceSealed(performance);
        assertThat(new String(new Exported(export).plain(), StandardCharsets.UTF_8))
                .contains("\"revision\":\"1\"")
                .doesNotContain("closedBy");
        ProofResult result = check(export);
        assertThat(result.tampering().first()).isEmpty();
        assertThat(result.findings().broken()).isEmpty();
        assertThat(result.events()).isEqualTo(2);
    }

    /** A way to tamper with an export, and a part of the expected finding. */
    record Way(String name, String found, Consumer<Exported> tampering) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Way> ways() {
        return Stream.of(
                new Way("a seat is changed in a fact", "Event 2,", it -> it.replace(it.event(2), "P-1-", "P-3-")),
                new Way(
                        "one letter of a title is changed",
                        "Event 1,",
                        it -> it.replace(it.event(1), "An evening", "An evenind")),
                new Way("a price is changed", "Event 1,", it -> it.replace(it.event(1), "8900", "8901")),
                new Way(
                        "a time is changed",
                        "Event 3,",
                        it -> it.replace(it.event(3), "\"timestamp\":\"20", "\"timestamp\":\"21")),
                new Way(
                        "a sequence number is changed",
                        "Event 1,",
                        it -> it.replace(it.event(1), "\"sequence\":0", "\"sequence\":1")),
                new Way("an event's own id is changed", "Event 4,", it -> {
                    String id = it.eventAt(it.event(4)).eventId();
                    it.replace(it.event(4), id, id.substring(0, 35) + (id.endsWith("0") ? "1" : "0"));
                }),
                new Way(
                        "metadata is changed",
                        "Event 2,",
                        it -> it.replace(it.event(2), "\"metaData\":\"{", "\"metaData\":\"{ ")),
                new Way(
                        "a type is changed",
                        "Event 2,",
                        it -> it.replace(it.event(2), "onsale.seat-held", "onsale.seat-freed")),
                new Way("a link is changed", "Event 3,", it -> {
                    String link = it.eventAt(it.event(3)).link();
                    it.replace(
                            it.event(3), link, new StringBuilder(link).reverse().toString());
                }),
                new Way("an event is removed", "Event 5 is missing", it -> it.lines.remove(it.event(5))),
                new Way("the first event is removed", "Event 1 is missing", it -> it.lines.remove(it.event(1))),
                new Way(
                        "the last event is removed",
                        "sealed events of the sale",
                        it -> it.lines.remove(it.lastEvent())),
                new Way("the last event is removed and the numbers are corrected", "sealed events of the sale", it -> {
                    int events = it.lastEvent() - it.event(1) + 1;
                    it.lines.remove(it.lastEvent());
                    it.replace(0, "\"events\":" + events, "\"events\":" + (events - 1));
                    it.resum();
                }),
                new Way(
                        "two events are swapped",
                        "is out of order",
                        it -> java.util.Collections.swap(it.lines, it.event(3), it.event(4))),
                new Way(
                        "an event is there twice",
                        "is out of order",
                        it -> it.lines.add(it.event(4), it.lines.get(it.event(4)))),
                new Way(
                        "an event is forged and all that follow are renumbered and relinked",
                        "of the sale, the header has",
                        it -> {
                            LogRow row = it.eventAt(it.event(3)).row();
                            it.lines.add(it.event(4), ExportFormat.render(ExportLine.Event.of(4, row, Digest.ZERO)));
                            it.relink(it.event(4)).resum();
                        }),
                new Way("an event is forged and only numbered", "is not what was sealed after event", it -> {
                    ExportLine.Event before = it.eventAt(it.event(3));
                    LogRow row = before.row();
                    it.lines.add(
                            it.event(4),
                            ExportFormat.render(ExportLine.Event.of(4, row, row.link(Digest.ofHex(before.link())))));
                    for (int line = it.event(5); line <= it.lastEvent(); line++) {
                        ExportLine.Event event = it.eventAt(line);
                        it.lines.set(
                                line,
                                ExportFormat.render(ExportLine.Event.of(
                                        event.number() + 1, event.row(), Digest.ofHex(event.link()))));
                    }
                    it.resum();
                }),
                new Way(
                        "a fact is changed and everything after it is relinked",
                        "The last event is not the last sealed event",
                        it -> it.replace(it.event(2), "P-1-", "P-3-")
                                .relink(it.event(2))
                                .resum()),
                new Way("that, and the proof is corrected too", "does not match the root of seal", it -> {
                    it.replace(it.event(2), "P-1-", "P-3-").relink(it.event(2));
                    mendProof(it);
                    it.resum();
                }),
                new Way(
                        "a space is inserted between two values",
                        "canonical form",
                        it -> it.replace(it.event(6), ",\"type\"", ", \"type\"")),
                new Way("a line is emptied", "where event 6 is expected", it -> it.lines.set(it.event(6), "")),
                new Way(
                        "an unknown property is added",
                        "canonical form",
                        it -> it.replace(it.event(6), "\"link\":", "\"x\":1,\"link\":")),
                new Way("a seal counts other events", "is not the digest of its own values", it -> {
                    int seal = it.first("{\"kind\":\"seal\"");
                    it.lines.set(seal, it.lines.get(seal).replaceFirst("\"events\":(\\d+)", "\"events\":1$1"));
                }),
                new Way(
                        "the newest seal is removed",
                        "newest seal",
                        it -> it.lines.remove(it.first("{\"kind\":\"proof\"") - 1)),
                new Way("a seal's signature is another's", "has an invalid signature", it -> {
                    int seal = it.first("{\"kind\":\"seal\"");
                    it.lines.set(seal, it.lines.get(seal).replaceFirst("\"signature\":\"..", "\"signature\":\"__"));
                }),
                new Way(
                        "the header says that the sale was not over",
                        "digest of the whole file",
                        it -> it.replace(0, "\"complete\":true", "\"complete\":false")),
                new Way(
                        "the header names another sale",
                        "belongs to sale",
                        it -> it.lines.set(0, it.lines.getFirst().replaceFirst("\"saleKey\":\".", "\"saleKey\":\"x"))),
                new Way("the last line is removed", "truncated", it -> it.lines.removeLast()),
                new Way("the second half is removed", "truncated", it -> it.lines
                        .subList(it.lines.size() / 2, it.lines.size())
                        .clear()),
                new Way(
                        "a line is added after the end",
                        "comes where NOTHING is",
                        it -> it.lines.add(it.lines.get(it.event(1)))));
    }

    private static void mendProof(Exported it) {
        int line = it.first("{\"kind\":\"proof\"");
        String before = theHead(it.lines.get(line), it.lines.getFirst());
        it.replace(line, before, it.eventAt(it.lastEvent()).link());
    }

    private static String theHead(String proofLine, String headerLine) {
        ExportLine.Proof proof = (ExportLine.Proof) Objects.requireNonNull(ExportFormat.parse(proofLine));
        ExportLine.Header header = (ExportLine.Header) Objects.requireNonNull(ExportFormat.parse(headerLine));
        return proof.leaf().stream()
                .filter(entry -> entry.sale()
                        .equals(SealedSale.digestOf(header.saleKey()).toString()))
                .findFirst()
                .orElseThrow()
                .head();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whoever_tampers_is_found_out(Way way) throws Exception {
        Exported exported = exported();
        way.tampering().accept(exported);
        ProofResult result = check(exported.compressed());
        assertThat(result.passed()).as(way.name()).isFalse();
        assertThat(String.join("\n", result.tampering().first())).as(way.name()).contains(way.found());
        assertThat(VerifyMain.run(List.of(file.toString()))).isEqualTo(1);
    }

    @Test
    void a_byte_that_is_changed_removed_or_added_anywhere_is_found() throws Exception {
        byte[] plain = exported().plain();
        Random random = new Random(7);
        for (int round = 0; round < 150; round++) {
            int at = random.nextInt(plain.length);
            byte[] changed = plain.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            requireFound(changed, "changed at " + at);
            byte[] removed = new byte[plain.length - 1];
            System.arraycopy(plain, 0, removed, 0, at);
            System.arraycopy(plain, at + 1, removed, at, removed.length - at);
            requireFound(removed, "removed at " + at);
        }
        byte[] packed = theSale().export();
        for (int round = 0; round < 150; round++) {
            int at = random.nextInt(packed.length);
            byte[] changed = packed.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            // Some bits can be packed in two ways: then the file says the same.
            if (!saysTheSame(changed, packed)) {
                requireFound(changed, "changed in the compressed file at " + at);
            }
        }
        requireFound(Arrays.copyOf(packed, packed.length - 1), "the last byte is cut off");
        requireFound(Arrays.copyOf(packed, packed.length / 2), "the second half is cut off");
        requireFound(Arrays.copyOf(packed, packed.length + 1), "a byte is added after the end");
    }

    private static boolean saysTheSame(byte[] changed, byte[] packed) throws IOException {
        try (InputStream one = new GZIPInputStream(new ByteArrayInputStream(changed));
                InputStream other = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return Arrays.equals(one.readAllBytes(), other.readAllBytes());
        } catch (EOFException | ZipException damaged) {
            return false;
        }
    }

    private void requireFound(byte[] bytes, String how) throws Exception {
        boolean found;
        try {
            found = !check(bytes).passed();
        } catch (DamagedFileException noExport) {
            found = true;
        }
        assertThat(found).as(how).isTrue();
    }

    @Test
    void what_is_changed_or_removed_in_the_store_itself_is_named() throws Exception {
        ExportLine.Event second = exported().eventAt(exported().event(2));
        ExportLine.Event last = exported().eventAt(exported().lastEvent());
        try (Connection database = DriverManager.getConnection(
                onsale.database().jdbcUrl(),
                onsale.database().user(),
                onsale.database().password())) {
            try (var change = database.prepareStatement(
                    "UPDATE domain_event SET payload = REPLACE(payload, 'P-1-', 'P-9-') WHERE global_index = ?")) {
                change.setLong(1, second.position());
                assertThat(change.executeUpdate()).isEqualTo(1);
            }
            try (var change =
                    database.prepareStatement("UPDATE domain_event SET global_index = -1 WHERE global_index = ?")) {
                change.setLong(1, last.position());
                assertThat(change.executeUpdate()).isEqualTo(1);
            }
            try {
                ProofResult result = check(exportedOnceSealed(theSale().performance()));
                assertThat(result.passed()).isFalse();
                assertThat(result.tampering().first())
                        .anyMatch(what ->
                                what.startsWith("Event 2, onsale.seat-held") && what.contains("is not what was sealed"))
                        .anyMatch(what -> what.startsWith("Event " + last.number() + " at position " + last.position())
                                && what.contains("no longer in the store"))
                        .hasSize(2);
            } finally {
                try (var restore = database.prepareStatement(
                                "UPDATE domain_event SET payload = REPLACE(payload, 'P-9-', 'P-1-') WHERE global_index = ?");
                        var bring = database.prepareStatement(
                                "UPDATE domain_event SET global_index = ? WHERE global_index = -1")) {
                    restore.setLong(1, second.position());
                    restore.executeUpdate();
                    bring.setLong(1, last.position());
                    bring.executeUpdate();
                }
            }
        }
    }

    @Test
    void what_is_no_export_is_refused_in_words(@TempDir Path folder) throws Exception {
        Path nothing = folder.resolve("nothing");
        Files.write(nothing, new byte[0]);
        Path other = folder.resolve("other.json");
        Files.writeString(other, "{\"some\":\"thing\"}\n");
        for (String argument : List.of(
                nothing.toString(),
                other.toString(),
                folder.toString(),
                folder.resolve("absent").toString())) {
            assertThat(VerifyMain.run(List.of(argument))).as(argument).isEqualTo(2);
        }
        assertThat(VerifyMain.run(List.of())).isEqualTo(2);
        assertThat(VerifyMain.run(List.of(other.toString(), "--anchor", "17"))).isEqualTo(2);
        assertThat(VerifyMain.run(List.of("--unheard-of"))).isEqualTo(2);
        assertThatThrownBy(() -> ExportCheck.of(other, null, null)).hasMessageContaining("header");
    }

    @Test
    void exports_are_for_operators_and_of_sales_that_there_are() throws Exception {
        onsale.get("/api/audit/sales/no-such-sale/export")
                .as(onsale.operator())
                .send()
                .requireProblem(404, "SALE_NOT_FOUND");
        onsale.get("/api/audit/sales/" + theSale().performance() + "/export")
                .as(onsale.person("proof-ann").token())
                .send()
                .requireProblem(403, "FORBIDDEN");
        onsale.get("/api/seals?limit=1000000").send().requireProblem(400, "INVALID_REQUEST");
    }
}
