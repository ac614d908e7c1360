package dev.onsale.waitingroom.audit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/** A text for each room that changes whenever the room has new records. Used by one thread at a time. Blocks. */
@Component
class RoomMarks {

    private static final String ROOMS =
            "SELECT sale_id, epoch, deleted, active_limit_max, settings, seed FROM waiting_room ORDER BY sale_id";
    private static final String NEWEST = "SELECT"
            + " (SELECT CONCAT(entry_millis, '-', entry_number, ' ', kind) FROM waiting_room_journal WHERE sale_id = ?"
            + " ORDER BY entry_millis DESC, entry_number DESC LIMIT 1),"
            + " (SELECT MAX(entered_at) FROM admission_entry WHERE sale_id = ?),"
            + " (SELECT COUNT(*) FROM admission_entry WHERE sale_id = ? AND entered_at >"
            + " (SELECT MAX(entered_at) - 120000 FROM admission_entry WHERE sale_id = ?))";

    private final JdbcTemplate jdbc;

    /** Ended rooms do not change any more. */
    private final Map<String, String> ended = new HashMap<>();

    RoomMarks(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    private record Row(String text, boolean deleted) {}

    Map<String, String> all() {
        Map<String, Row> rooms = new LinkedHashMap<>();
        jdbc.query(ROOMS, (RowCallbackHandler) row -> rooms.put(
                row.getString(1),
                new Row(
                        row.getLong(2) + " " + row.getBoolean(3) + " " + row.getInt(4) + " "
                                + row.getString(5).hashCode() + " "
                                + row.getString(6).hashCode(),
                        row.getBoolean(3))));
        Map<String, String> marks = new LinkedHashMap<>();
        rooms.forEach((sale, room) -> marks.put(sale, mark(sale, room)));
        return marks;
    }

    private String mark(String sale, Row room) {
        String known = ended.get(sale);
        if (known != null && known.startsWith(room.text())) {
            return known;
        }
        String newest = jdbc.queryForObject(
                NEWEST,
                (row, index) -> row.getString(1) + " " + row.getString(2) + " " + row.getString(3),
                sale,
                sale,
                sale,
                sale);
        String mark = room.text() + " " + newest;
        if (room.deleted() && newest != null && newest.contains(" ENDED ")) {
            ended.put(sale, mark);
        }
        return mark;
    }
}
