package dev.onsale.waitingroom.journal;

import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The table of the journals of all rooms. Blocks. */
@Component
public class Journal {

    private static final int PAGE = 10_000;
    private static final int TRANSACTION_SECONDS_MAX = 10;
    private static final String COLUMNS =
            "entry_millis, entry_number, kind, happened_at, buyer_id, number, detail," + " token_until, place_until";
    private static final RowMapper<JournalEntry> ROW = (row, number) -> new JournalEntry(
            row.getLong(1),
            row.getLong(2),
            Kind.valueOf(row.getString(3)),
            row.getLong(4),
            row.getString(5),
            row.getLong(6),
            row.getString(7),
            row.getLong(8),
            row.getLong(9));

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    public Journal(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setTimeout(TRANSACTION_SECONDS_MAX);
    }

    /**
     * Writes entries in one transaction. Existing entries are kept.
     *
     * @param epoch epoch of the room that the entries were read from
     * @return false if the room was restored since: the entries belong to lost data
     */
    public boolean append(String sale, long epoch, List<JournalEntry> entries) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            // Locked until commit: a node that restores the room waits for it before it reads.
            List<Long> known = jdbc.queryForList(
                    "SELECT epoch FROM waiting_room WHERE sale_id = ? AND NOT deleted LOCK IN SHARE MODE",
                    Long.class,
                    sale);
            if (known.isEmpty() || known.getFirst() != epoch) {
                return false;
            }
            jdbc.batchUpdate(
                    "INSERT INTO waiting_room_journal (sale_id, epoch, " + COLUMNS
                            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                            + " ON DUPLICATE KEY UPDATE epoch = waiting_room_journal.epoch",
                    entries,
                    Math.max(1, entries.size()),
                    (statement, entry) -> bind(statement, sale, epoch, entry));
            return true;
        }));
    }

    /** All entries of a room in order, read in pages. */
    public void read(String sale, Consumer<JournalEntry> each) {
        long millis = -1;
        long sequence = -1;
        List<JournalEntry> page;
        do {
            page = page(sale, millis, sequence, PAGE);
            page.forEach(each);
            if (!page.isEmpty()) {
                millis = page.getLast().millis();
                sequence = page.getLast().sequence();
            }
        } while (page.size() == PAGE);
    }

    /** The next entries in order. */
    public List<JournalEntry> page(String sale, long afterMillis, long afterSequence, int limit) {
        return jdbc.query(
                "SELECT " + COLUMNS + " FROM waiting_room_journal WHERE sale_id = ? AND entry_millis >= ?"
                        + " AND (entry_millis > ? OR entry_number > ?) ORDER BY entry_millis, entry_number LIMIT ?",
                ROW,
                sale,
                afterMillis,
                afterMillis,
                afterSequence,
                limit);
    }

    /** Entries of one visitor, oldest first. */
    public List<JournalEntry> of(String sale, String buyer, int limit) {
        return jdbc.query(
                "SELECT " + COLUMNS + " FROM waiting_room_journal WHERE sale_id = ? AND buyer_id = ?"
                        + " ORDER BY entry_millis, entry_number LIMIT ?",
                ROW,
                sale,
                buyer,
                limit);
    }

    private static void bind(PreparedStatement statement, String sale, long epoch, JournalEntry entry)
            throws SQLException {
        statement.setString(1, sale);
        statement.setLong(2, epoch);
        statement.setLong(3, entry.millis());
        statement.setLong(4, entry.sequence());
        statement.setString(5, entry.kind().name());
        statement.setLong(6, entry.at());
        statement.setString(7, entry.buyer());
        statement.setLong(8, entry.number());
        statement.setString(9, entry.detail());
        statement.setLong(10, entry.tokenUntil());
        statement.setLong(11, entry.placeUntil());
    }
}
