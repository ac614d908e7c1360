package dev.onsale.waitingroom.audit;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.proof.AdmissionRecords;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.RoomStore;
import dev.onsale.waitingroom.room.Seed;
import dev.onsale.waitingroom.token.EntryStore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Records of a room in the exported log of its sale. Works for deleted rooms too. */
@Component
class ExportedRoom implements AdmissionRecords {

    private final RoomStore store;
    private final Journal journal;
    private final EntryStore entries;
    private final JsonMapper json;

    ExportedRoom(RoomStore store, Journal journal, EntryStore entries, JsonMapper json) {
        this.store = store;
        this.journal = journal;
        this.entries = entries;
        this.json = json;
    }

    private record RoomRecord(Room room) {}

    private record Room(int activeLimitMax, String commitment) {}

    private record EntryRecord(JournalEntry entry) {}

    private record UsedRecord(Used used) {}

    private record Used(String tokenId, String buyer, long enteredAt) {}

    private record SeedRecord(String seed) {}

    @Override
    public void tell(String saleKey, Consumer<String> each) {
        SaleId sale;
        try {
            sale = SaleId.of(saleKey);
        } catch (InvalidValueException notOne) {
            return;
        }
        store.promise(sale).ifPresent(promise -> tell(sale, promise, record -> each.accept(json(record))));
    }

    private void tell(SaleId sale, RoomStore.Promise promise, Consumer<Record> each) {
        each.accept(new RoomRecord(new Room(promise.activeLimitMax(), Seed.commitment(promise.seed()))));
        AtomicBoolean opened = new AtomicBoolean();
        journal.read(sale.value(), entry -> {
            if (entry.kind() == Kind.OPENED) {
                opened.set(true);
            } else if (entry.kind() == Kind.ENDED) {
                // A later room of the sale has another seed, which is secret until it opens.
                opened.set(false);
            }
            each.accept(new EntryRecord(entry));
        });
        // Entries that the journal lost with Redis are among these.
        entries.all(
                sale, used -> each.accept(new UsedRecord(new Used(used.tokenId(), used.buyer(), used.enteredAt()))));
        if (opened.get()) {
            each.accept(new SeedRecord(promise.seed()));
        }
    }

    private String json(Record value) {
        return json.writeValueAsString(value);
    }
}
