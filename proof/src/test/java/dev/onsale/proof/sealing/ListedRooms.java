package dev.onsale.proof.sealing;

import dev.onsale.api.proof.AdmissionRecords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Waiting rooms that are only lists of records. */
final class ListedRooms implements AdmissionRecords {

    private final Map<String, List<String>> rooms = new LinkedHashMap<>();

    void add(String sale, List<String> records) {
        rooms.computeIfAbsent(sale, key -> new ArrayList<>()).addAll(records);
    }

    @Override
    public Map<String, String> marks() {
        Map<String, String> marks = new LinkedHashMap<>();
        rooms.forEach((sale, records) -> marks.put(sale, String.valueOf(records.size())));
        return marks;
    }

    @Override
    public Page after(String saleKey, @Nullable String cursor, int limit) {
        List<String> records = rooms.getOrDefault(saleKey, List.of());
        int from = cursor == null ? 0 : Integer.parseInt(cursor);
        int to = Math.min(records.size(), from + limit);
        return new Page(records.subList(from, to), String.valueOf(to), to < records.size());
    }
}
