package dev.onsale.waitingroom.token;

import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.key.SaleId;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;

/** The table of the used admission tokens. Blocks. */
@Component
public class EntryStore {

    private static final String SELECT =
            "SELECT buyer_id, token_id, admitted_at, token_until, entered_at FROM admission_entry";
    private static final RowMapper<Entry> ENTRY = (row, number) ->
            new Entry(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4), row.getLong(5));

    private final JdbcTemplate jdbc;
    private final Clock clock;

    public EntryStore(JdbcTemplate jdbc, @Qualifier(RoomClock.NAME) Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    public record Entry(String buyer, String tokenId, long admittedAt, long tokenUntil, long enteredAt) {}

    /** False if the token was used before. */
    public boolean use(Admission admission) {
        try {
            jdbc.update(
                    "INSERT INTO admission_entry (sale_id, token_id, buyer_id, admitted_at, token_until, entered_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    admission.saleId(),
                    admission.id(),
                    admission.buyer().value(),
                    admission.admittedAt().toEpochMilli(),
                    admission.expiresAt().toEpochMilli(),
                    clock.millis());
            return true;
        } catch (DuplicateKeyException used) {
            return false;
        }
    }

    public boolean isUsed(Admission admission) {
        return !jdbc.queryForList(
                        "SELECT entered_at FROM admission_entry WHERE sale_id = ? AND token_id = ?",
                        Long.class,
                        admission.saleId(),
                        admission.id())
                .isEmpty();
    }

    /** Used tokens in the order of their times, from a time on (exclusive). */
    public List<Entry> page(SaleId sale, long after, int limit) {
        return jdbc.query(
                SELECT + " WHERE sale_id = ? AND entered_at > ? ORDER BY entered_at, token_id LIMIT ?",
                ENTRY,
                sale.value(),
                after,
                limit);
    }

    public List<Entry> since(SaleId sale, long instant) {
        return jdbc.query(
                SELECT + " WHERE sale_id = ? AND entered_at > ? ORDER BY entered_at, token_id",
                ENTRY,
                sale.value(),
                instant);
    }
}
