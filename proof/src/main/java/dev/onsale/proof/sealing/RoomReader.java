package dev.onsale.proof.sealing;

import dev.onsale.api.proof.AdmissionRecords;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.RoomRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Finds the records of waiting rooms that are not sealed yet. Used by one thread at a time. */
@Component
class RoomReader {

    private static final Logger log = LoggerFactory.getLogger(RoomReader.class);

    private final Set<String> failed = new HashSet<>();
    private final Optional<AdmissionRecords> admissions;
    private final RecordStore store;

    /** What each room looked like when all its records were sealed. */
    private final Map<String, String> done = new HashMap<>();

    RoomReader(ObjectProvider<AdmissionRecords> admissions, RecordStore store) {
        this.admissions = Optional.ofNullable(admissions.getIfAvailable());
        this.store = store;
    }

    /**
     * New records of one room.
     *
     * @param mark what the room looked like; absent from {@link RoomReader#done} until all its records are sealed
     */
    record Unsealed(String saleKey, List<String> records, String cursor, String mark, boolean more) {}

    /** Up to about {@code limit} new records of all rooms. */
    List<Unsealed> next(int limit) {
        if (admissions.isEmpty()) {
            return List.of();
        }
        List<Unsealed> found = new ArrayList<>();
        int left = limit;
        for (Map.Entry<String, String> room : admissions.get().marks().entrySet()) {
            if (left <= 0) {
                break;
            }
            if (!room.getValue().equals(done.get(room.getKey()))) {
                try {
                    Unsealed unsealed = read(room.getKey(), room.getValue(), left);
                    left -= unsealed.records().size();
                    found.add(unsealed);
                } catch (RuntimeException unreadable) {
                    // One damaged room must not stop the seals of all sales.
                    if (failed.add(room.getKey())) {
                        log.warn("The records of the waiting room {} cannot be sealed", room.getKey(), unreadable);
                    }
                }
            }
        }
        return found;
    }

    private Unsealed read(String saleKey, String mark, int limit) {
        AdmissionRecords.Page page =
                admissions.orElseThrow().after(saleKey, store.cursor(saleKey).orElse(null), limit);
        Set<Digest> known = store.known(
                saleKey, page.records().stream().map(RoomRecord::content).toList());
        Set<Digest> seen = new HashSet<>(known);
        List<String> records = page.records().stream()
                .filter(record -> seen.add(RoomRecord.content(record)))
                .toList();
        return new Unsealed(saleKey, records, page.cursor(), mark, page.more());
    }

    /** To be called after the commit. */
    void sealed(List<Unsealed> rooms) {
        for (Unsealed room : rooms) {
            failed.remove(room.saleKey());
            if (!room.more()) {
                done.put(room.saleKey(), room.mark());
            }
        }
    }

    /** Whether all present records of a room are sealed. */
    boolean isSealed(String saleKey) {
        if (admissions.isEmpty()) {
            return true;
        }
        String mark = admissions.get().marks().get(saleKey);
        return mark == null || mark.equals(done.get(saleKey));
    }
}
