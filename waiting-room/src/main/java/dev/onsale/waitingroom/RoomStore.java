package dev.onsale.waitingroom;

import dev.onsale.waitingroom.RoomStatus.Control;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Which rooms there are, for good. Blocks. */
@Component
class RoomStore {

    private static final String SELECT = "SELECT sale_id, settings, control, seed, epoch FROM waiting_room";

    private final JdbcTemplate jdbc;
    private final JsonMapper json;
    private final Clock clock;

    RoomStore(JdbcTemplate jdbc, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    List<RoomDefinition> all() {
        return jdbc.query(SELECT + " WHERE NOT deleted ORDER BY sale_id LIMIT " + Rooms.ROOMS_MAX, rows());
    }

    Optional<RoomDefinition> find(SaleId sale) {
        return jdbc.query(SELECT + " WHERE sale_id = ? AND NOT deleted", rows(), sale.value()).stream()
                .findFirst();
    }

    /**
     * What a room promised, also after it was ended.
     *
     * @param activeLimitMax the highest limit of places that was ever set
     */
    record Promise(int activeLimitMax, String seed) {}

    Optional<Promise> promise(SaleId sale) {
        return jdbc
                .query(
                        "SELECT settings, active_limit_max, seed FROM waiting_room WHERE sale_id = ?",
                        (row, number) -> new Promise(
                                Math.max(
                                        row.getInt("active_limit_max"),
                                        limit(json.readValue(row.getString("settings"), RoomSettings.class))),
                                row.getString("seed")),
                        sale.value())
                .stream()
                .findFirst();
    }

    private static int limit(RoomSettings settings) {
        return RoomSettings.set(settings.activeLimit());
    }

    long count() {
        Long count = jdbc.queryForObject("SELECT COUNT(*) FROM waiting_room WHERE NOT deleted", Long.class);
        return count == null ? 0 : count;
    }

    /** True if the room is new. One that was deleted begins anew, with a seed of its own. */
    boolean insert(SaleId sale, RoomSettings settings) {
        String text = json.writeValueAsString(settings);
        try {
            jdbc.update(
                    "INSERT INTO waiting_room (sale_id, settings, control, seed, epoch, deleted, created_at,"
                            + " active_limit_max) VALUES (?, ?, ?, ?, 0, FALSE, ?, ?)",
                    sale.value(),
                    text,
                    Control.OPEN.name(),
                    Shuffle.newSeed(),
                    clock.millis(),
                    limit(settings));
            return true;
        } catch (DuplicateKeyException e) {
            return jdbc.update(
                            "UPDATE waiting_room SET settings = ?, control = ?, seed = ?, epoch = epoch + 1,"
                                    + " deleted = FALSE, created_at = ?, active_limit_max = GREATEST(active_limit_max, ?)"
                                    + " WHERE sale_id = ? AND deleted",
                            text,
                            Control.OPEN.name(),
                            Shuffle.newSeed(),
                            clock.millis(),
                            limit(settings),
                            sale.value())
                    == 1;
        }
    }

    void settings(SaleId sale, RoomSettings settings) {
        jdbc.update(
                "UPDATE waiting_room SET settings = ?, active_limit_max = GREATEST(active_limit_max, ?)"
                        + " WHERE sale_id = ? AND NOT deleted",
                json.writeValueAsString(settings),
                limit(settings),
                sale.value());
    }

    boolean control(SaleId sale, Control control) {
        // Counts matched rows, also those that had the value before.
        return find(sale).isPresent()
                && jdbc.update(
                                "UPDATE waiting_room SET control = ? WHERE sale_id = ? AND NOT deleted",
                                control.name(),
                                sale.value())
                        >= 0;
    }

    /** Ends the room; its journal stays for the receipts. */
    boolean delete(SaleId sale) {
        boolean ended = jdbc.update(
                        "UPDATE waiting_room SET deleted = TRUE, epoch = epoch + 1 WHERE sale_id = ? AND NOT deleted",
                        sale.value())
                == 1;
        if (ended) {
            // Nobody writes this journal any more, so the end comes after everything in it.
            jdbc.update(
                    "INSERT INTO waiting_room_journal (sale_id, entry_millis, entry_number, epoch, kind, happened_at,"
                            + " buyer_id, number, detail, token_until, place_until)"
                            + " SELECT ?, COALESCE(MAX(entry_millis), 0) + 1, 0, 0, 'ENDED', ?, '-', 0, '-', 0, 0"
                            + " FROM waiting_room_journal WHERE sale_id = ?",
                    sale.value(),
                    clock.millis(),
                    sale.value());
        }
        return ended;
    }

    /** From here on nobody writes the journal of an earlier epoch. */
    boolean nextEpoch(RoomDefinition known) {
        return jdbc.update(
                        "UPDATE waiting_room SET epoch = epoch + 1 WHERE sale_id = ? AND epoch = ? AND NOT deleted",
                        known.sale().value(),
                        known.epoch())
                == 1;
    }

    private RowMapper<RoomDefinition> rows() {
        return (row, number) -> new RoomDefinition(
                SaleId.of(row.getString("sale_id")),
                json.readValue(row.getString("settings"), RoomSettings.class),
                Control.valueOf(row.getString("control")),
                row.getString("seed"),
                row.getLong("epoch"));
    }
}
