package dev.onsale.proof.sealing;

import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.RoomRecord;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables of the sealed records of waiting rooms. */
@Component
class RecordStore {

    private static final int BATCH_SIZE = 500;

    /** No id of a buyer, a sale or an aggregate has a slash. */
    private static final String ROOM = "waiting-room/";

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    RecordStore(DataSource dataSource) {
        this.template = new JdbcTemplate(dataSource);
        this.jdbc = JdbcClient.create(template);
    }

    /** A record with its place in the room and in the block of its seal. */
    record Sealed(
            long saleNo,
            long number,
            long seal,
            int leaf,
            String record,
            @Nullable String buyer) {}

    /** Key of the row of a room's chain in {@code sealed_sale}. */
    static String rowKey(String saleKey) {
        return ROOM + saleKey;
    }

    static boolean isRoom(String rowKey) {
        return rowKey.startsWith(ROOM);
    }

    /** The sale of a row of {@code sealed_sale}, which may be that of a room. */
    static String saleOf(String rowKey) {
        return rowKey.startsWith(ROOM) ? rowKey.substring(ROOM.length()) : rowKey;
    }

    Optional<String> cursor(String saleKey) {
        return jdbc.sql("SELECT read_to FROM sealed_room WHERE sale_key = ?")
                .param(saleKey)
                .query(String.class)
                .optional();
    }

    void cursor(String saleKey, String cursor) {
        jdbc.sql("INSERT INTO sealed_room (sale_key, read_to) VALUES (?, ?)"
                        + " ON DUPLICATE KEY UPDATE read_to = VALUES(read_to)")
                .params(saleKey, cursor)
                .update();
    }

    /** Those of the given contents that are sealed in this room. */
    Set<Digest> known(String saleKey, Collection<Digest> contents) {
        if (contents.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(
                jdbc.sql("SELECT r.content FROM sealed_record r JOIN sealed_sale s ON s.sale_no = r.sale_no"
                                + " WHERE s.sale_key = :key AND r.content IN (:contents)")
                        .param("key", rowKey(saleKey))
                        .param("contents", contents.stream().map(Digest::bytes).toList())
                        .query((row, index) -> Digest.of(row.getBytes(1)))
                        .list());
    }

    void insert(Collection<Sealed> records) {
        template.batchUpdate(
                "INSERT INTO sealed_record (sale_no, number, seal, leaf, record, content, buyer)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                records,
                BATCH_SIZE,
                (statement, record) -> {
                    statement.setLong(1, record.saleNo());
                    statement.setLong(2, record.number());
                    statement.setLong(3, record.seal());
                    statement.setInt(4, record.leaf());
                    statement.setString(5, record.record());
                    statement.setBytes(6, RoomRecord.content(record.record()).bytes());
                    statement.setString(7, record.buyer());
                });
    }

    /** @param after number, exclusive */
    List<Sealed> page(long saleNo, long after, long last, int limit) {
        return jdbc.sql("SELECT sale_no, number, seal, leaf, record, buyer FROM sealed_record WHERE sale_no = ?"
                        + " AND number > ? AND number <= ? ORDER BY number LIMIT ?")
                .params(saleNo, after, last, limit)
                .query(RecordStore::sealed)
                .list();
    }

    List<Sealed> of(long saleNo, String buyer, int limit) {
        return jdbc.sql("SELECT sale_no, number, seal, leaf, record, buyer FROM sealed_record WHERE sale_no = ?"
                        + " AND buyer = ? ORDER BY number LIMIT ?")
                .params(saleNo, buyer, limit)
                .query(RecordStore::sealed)
                .list();
    }

    private static Sealed sealed(java.sql.ResultSet row, int index) throws java.sql.SQLException {
        return new Sealed(
                row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4), row.getString(5), row.getString(6));
    }

    /** Digests of the records of one block, in its order. */
    List<Digest> leaves(long seal) {
        return jdbc.sql("SELECT s.sale_key, r.number, r.record FROM sealed_record r JOIN sealed_sale s ON"
                        + " s.sale_no = r.sale_no WHERE r.seal = ? ORDER BY r.leaf")
                .param(seal)
                .query((row, index) ->
                        new RoomRecord(saleOf(row.getString(1)), row.getLong(2), row.getString(3)).digest())
                .list();
    }
}
