package dev.onsale.waitingroom;

import dev.onsale.waitingroom.key.SaleId;
import org.springframework.jdbc.core.JdbcTemplate;

/** Fills the journal of a room with joins, faster than a room can. */
public final class JoinedInDatabase {

    private static final String DIGITS =
            "(SELECT 0 n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL"
                    + " SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    private static final int AT_ONCE = 10_000;

    private JoinedInDatabase() {}

    /** {@code buyer-1} to {@code buyer-<entries>}, in this order. */
    public static void write(RoomFixture room, int entries) {
        write(room.jdbc, room.sale, entries, room.clock.millis());
    }

    public static void write(JdbcTemplate jdbc, SaleId sale, int entries, long at) {
        for (int from = 0; from < entries; from += AT_ONCE) {
            jdbc.update(
                    "INSERT INTO waiting_room_journal (sale_id, entry_millis, entry_number, epoch, kind, happened_at,"
                            + " buyer_id, number, detail, token_until, place_until)"
                            + " SELECT ?, number, 0, 1, 'JOINED', ?, CONCAT('buyer-', number), number, '-', 0, 0 FROM"
                            + " (SELECT ? + a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 1 AS number FROM " + DIGITS
                            + " a, " + DIGITS + " b, " + DIGITS + " c, " + DIGITS + " d) numbers WHERE number <= ?",
                    sale.value(),
                    at,
                    from,
                    entries);
        }
    }
}
