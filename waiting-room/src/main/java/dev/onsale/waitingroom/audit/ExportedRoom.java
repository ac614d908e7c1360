package dev.onsale.waitingroom.audit;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.proof.AdmissionRecords;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.RoomStore;
import dev.onsale.waitingroom.room.Seed;
import dev.onsale.waitingroom.token.EntryStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Records of a room in the sealed log of its sale. Works for deleted rooms too. */
@Component
class ExportedRoom implements AdmissionRecords {

    /** A token may be stored this long after its time of use, by the clock of another node. */
    private static final Duration TOKENS_LATE_MAX = Duration.ofMinutes(2);

    private static final int TOKENS_AT_ONCE = 10_000;

    private final RoomStore store;
    private final RoomMarks marks;
    private final Journal journal;
    private final EntryStore entries;
    private final JsonMapper json;
    private final Clock clock;

    ExportedRoom(
            RoomStore store,
            RoomMarks marks,
            Journal journal,
            EntryStore entries,
            JsonMapper json,
            @Qualifier(RoomClock.NAME) Clock clock) {
        this.store = store;
        this.marks = marks;
        this.journal = journal;
        this.entries = entries;
        this.json = json;
        this.clock = clock;
    }

    private record RoomRecord(Room room) {}

    private record Room(int activeLimitMax, String commitment) {}

    private record EntryRecord(JournalEntry entry) {}

    private record UsedRecord(Used used) {}

    private record Used(String tokenId, String buyer, long enteredAt) {}

    private record SeedRecord(String seed) {}

    /**
     * How far a room was told.
     *
     * @param commitment commitment of the room told last; empty before the first
     * @param millis with {@code sequence} the last journal entry
     * @param opened whether the room told last has opened
     * @param usedTo time up to which all used tokens were told
     */
    private record Cursor(
            int limit, String commitment, long millis, long sequence, boolean opened, boolean seedTold, long usedTo) {

        private static final Cursor START = new Cursor(0, "", -1, -1, false, false, 0);
    }

    @Override
    public Map<String, String> marks() {
        return marks.all();
    }

    @Override
    public Page after(String saleKey, @Nullable String text, int limit) {
        Cursor cursor = text == null ? Cursor.START : json.readValue(text, Cursor.class);
        SaleId sale;
        try {
            sale = SaleId.of(saleKey);
        } catch (InvalidValueException notOne) {
            return new Page(List.of(), json(cursor), false);
        }
        List<JournalEntry> page = journal.page(sale.value(), cursor.millis(), cursor.sequence(), limit);
        // Read after the entries, so that the limit covers them.
        Optional<RoomStore.Promise> promise = store.promise(sale);
        List<EntryStore.Entry> used = entries.page(sale, cursor.usedTo(), TOKENS_AT_ONCE);
        return promise.map(of -> page(cursor, page, of, used, limit))
                .orElseGet(() -> new Page(List.of(), json(cursor), false));
    }

    private Page page(
            Cursor cursor,
            List<JournalEntry> entriesOfPage,
            RoomStore.Promise promise,
            List<EntryStore.Entry> used,
            int limit) {
        List<String> records = new ArrayList<>();
        boolean more = entriesOfPage.size() == limit || used.size() == TOKENS_AT_ONCE;
        String commitment = Seed.commitment(promise.seed());
        String room = json(new RoomRecord(new Room(promise.activeLimitMax(), commitment)));
        boolean isNew = !commitment.equals(cursor.commitment());
        int lastEnd = lastEnd(entriesOfPage);
        // A room that replaced another begins after the end of that one, which may be on a later page.
        boolean first = cursor.commitment().isEmpty() || (isNew && lastEnd < 0 && entriesOfPage.size() < limit);
        boolean told = first;
        boolean opened = !first && cursor.opened();
        boolean seedTold = !first && cursor.seedTold();
        if (first || (!isNew && promise.activeLimitMax() > cursor.limit())) {
            records.add(room);
        }
        for (int index = 0; index < entriesOfPage.size(); index++) {
            JournalEntry entry = entriesOfPage.get(index);
            records.add(json(new EntryRecord(entry)));
            opened |= entry.kind() == Kind.OPENED;
            if (index == lastEnd && isNew && !first) {
                records.add(room);
                told = true;
                opened = false;
                seedTold = false;
            }
        }
        used.forEach(
                each -> records.add(json(new UsedRecord(new Used(each.tokenId(), each.buyer(), each.enteredAt())))));
        boolean current = !isNew || told;
        if (opened && !seedTold && current && entriesOfPage.size() < limit) {
            records.add(json(new SeedRecord(promise.seed())));
            seedTold = true;
        }
        JournalEntry last = entriesOfPage.isEmpty() ? null : entriesOfPage.getLast();
        return new Page(
                records,
                json(new Cursor(
                        current ? promise.activeLimitMax() : cursor.limit(),
                        current ? commitment : cursor.commitment(),
                        last == null ? cursor.millis() : last.millis(),
                        last == null ? cursor.sequence() : last.sequence(),
                        opened,
                        seedTold,
                        usedTo(cursor, used))),
                more);
    }

    /** Tokens of the last minutes are read again, because an earlier one may still be stored. */
    private long usedTo(Cursor cursor, List<EntryStore.Entry> used) {
        long late = clock.millis() - TOKENS_LATE_MAX.toMillis();
        long last = used.isEmpty() ? cursor.usedTo() : used.getLast().enteredAt() - 1;
        return Math.max(cursor.usedTo(), Math.min(last, late));
    }

    private static int lastEnd(List<JournalEntry> entries) {
        for (int index = entries.size() - 1; index >= 0; index--) {
            if (entries.get(index).kind() == Kind.ENDED) {
                return index;
            }
        }
        return -1;
    }

    private String json(Record value) {
        return json.writeValueAsString(value);
    }
}
