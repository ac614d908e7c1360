package dev.onsale.waitingroom.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.proof.AdmissionRecords;
import dev.onsale.waitingroom.Database;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.room.RoomStore;
import dev.onsale.waitingroom.room.Seed;
import dev.onsale.waitingroom.token.EntryStore;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** The records of a room as the sealer reads them, page by page, while the room goes on. */
@Tag("services")
class ExportedRoomTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final String SEED = "5e".repeat(32);
    private static final String NEXT_SEED = "a7".repeat(32);

    private final JdbcTemplate jdbc = Database.jdbc();
    private final JsonMapper json = JsonMapper.builder().build();
    private final Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
    private final RoomMarks marks = new RoomMarks(jdbc);
    private final ExportedRoom exported = new ExportedRoom(
            new RoomStore(jdbc, json, clock),
            marks,
            new Journal(jdbc, new JdbcTransactionManager(Database.source())),
            new EntryStore(jdbc, clock),
            json,
            clock);
    private final String sale = UUID.randomUUID().toString();
    private final LinkedHashSet<String> told = new LinkedHashSet<>();
    private @Nullable String cursor;
    private long entries;

    private void room(String seed) {
        jdbc.update(
                "INSERT INTO waiting_room (sale_id, settings, control, seed, epoch, deleted, created_at,"
                        + " active_limit_max) VALUES (?, '{\"activeLimit\":3}', 'OPEN', ?, 0, FALSE, 0, 3)",
                sale,
                seed);
    }

    private void entry(String kind, String buyer) {
        entries++;
        jdbc.update(
                "INSERT INTO waiting_room_journal (sale_id, entry_millis, entry_number, epoch, kind, happened_at,"
                        + " buyer_id, number, detail, token_until, place_until) VALUES (?, ?, 0, 0, ?, ?, ?, ?, '-', 0, 0)",
                sale,
                entries,
                kind,
                NOON.toEpochMilli(),
                buyer,
                entries);
    }

    private void used(String token, Instant at) {
        jdbc.update(
                "INSERT INTO admission_entry (sale_id, token_id, buyer_id, admitted_at, token_until, entered_at)"
                        + " VALUES (?, ?, 'anna', 0, 0, ?)",
                sale,
                token,
                at.toEpochMilli());
    }

    /** The records that were not told before. */
    private List<String> next(int limit) {
        List<String> fresh = new ArrayList<>();
        AdmissionRecords.Page page;
        do {
            page = exported.after(sale, cursor, limit);
            cursor = page.cursor();
            page.records().stream().filter(told::add).map(this::kind).forEach(fresh::add);
        } while (page.more());
        return fresh;
    }

    private String kind(String record) {
        if (record.startsWith("{\"entry\"")) {
            return json.readTree(record).path("entry").path("kind").asString();
        }
        return record.substring(2, record.indexOf('"', 2));
    }

    @Test
    void records_are_told_once_and_in_order_whatever_the_page() {
        room(SEED);
        assertThat(next(10)).containsExactly("room");
        entry("JOINED", "anna");
        entry("JOINED", "ben");
        entry("RANKED", "anna");
        entry("RANKED", "ben");
        assertThat(next(2)).containsExactly("JOINED", "JOINED", "RANKED", "RANKED");
        assertThat(told).as("the seed is secret until the room opens").noneMatch(record -> record.contains(SEED));
        entry("OPENED", "-");
        assertThat(next(2)).containsExactly("OPENED", "seed");
        entry("ADMITTED", "anna");
        used("test-1", NOON);
        assertThat(next(1)).containsExactly("ADMITTED", "used");
        assertThat(next(10)).isEmpty();
    }

    @Test
    void a_token_that_another_node_stored_late_is_told() {
        room(SEED);
        used("test-1", NOON);
        assertThat(next(10)).containsExactly("room", "used");
        String before = marks.all().get(sale);
        used("test-2", NOON.minusSeconds(90));
        assertThat(marks.all().get(sale)).isNotEqualTo(before);
        assertThat(next(10)).containsExactly("used");
    }

    @Test
    void a_higher_limit_is_told_before_the_entries_that_it_allows() {
        room(SEED);
        next(10);
        jdbc.update("UPDATE waiting_room SET active_limit_max = 9 WHERE sale_id = ?", sale);
        entry("ADMITTED", "anna");
        assertThat(next(10)).containsExactly("room", "ADMITTED");
        assertThat(told).anyMatch(record -> record.contains("\"activeLimitMax\":9"));
    }

    @Test
    void the_seed_of_an_ended_room_is_told_and_that_of_the_room_after_it_is_not() {
        room(SEED);
        entry("RANKED", "anna");
        next(10);
        entry("OPENED", "-");
        jdbc.update("UPDATE waiting_room SET deleted = TRUE, epoch = epoch + 1 WHERE sale_id = ?", sale);
        entry("ENDED", "-");
        assertThat(next(10)).containsExactly("OPENED", "ENDED", "seed");
        jdbc.update(
                "UPDATE waiting_room SET deleted = FALSE, epoch = epoch + 1, seed = ? WHERE sale_id = ?",
                NEXT_SEED,
                sale);
        entry("JOINED", "ben");
        assertThat(next(10)).containsExactly("room", "JOINED");
        assertThat(told)
                .anyMatch(record -> record.contains(Seed.commitment(NEXT_SEED)))
                .noneMatch(record -> record.contains(NEXT_SEED));
        entry("OPENED", "-");
        assertThat(next(10)).containsExactly("OPENED", "seed");
        assertThat(told).anyMatch(record -> record.contains(NEXT_SEED));
    }

    @Test
    void what_is_no_sale_has_no_records_and_an_ended_room_keeps_its_mark() {
        assertThat(exported.after("no sale!", null, 10).records()).isEmpty();
        assertThat(exported.after(UUID.randomUUID().toString(), null, 10).records())
                .isEmpty();
        room(SEED);
        jdbc.update("UPDATE waiting_room SET deleted = TRUE, epoch = 1 WHERE sale_id = ?", sale);
        String open = marks.all().get(sale);
        entry("ENDED", "-");
        String ended = marks.all().get(sale);
        assertThat(ended).isNotEqualTo(open);
        assertThat(marks.all()).containsEntry(sale, ended);
    }
}
