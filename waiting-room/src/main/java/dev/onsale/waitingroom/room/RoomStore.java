package dev.onsale.waitingroom.room;

import dev.onsale.api.InvalidValueException;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.RoomStatus.Control;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The table of the rooms. Blocks. */
@Component
public class RoomStore {

    /** The leader visits each room five times a second. */
    public static final int ROOMS_MAX = 1_000;

    private static final Pattern SEED = Pattern.compile("[0-9a-f]{64}");
    private static final String SELECT = "SELECT sale_id, settings, control, seed, epoch FROM waiting_room";

    private final JdbcTemplate jdbc;
    private final JsonMapper json;
    private final Clock clock;

    public RoomStore(JdbcTemplate jdbc, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    /**
     * All rooms.
     *
     * @param unreadable reasons of the rows that cannot be read, by sale id
     */
    record Stored(List<RoomDefinition> rooms, Map<String, UnreadableRoomException> unreadable) {

        /** All sale ids, including those of unreadable rows. */
        Set<String> sales() {
            Set<String> sales = new TreeSet<>(unreadable.keySet());
            rooms.forEach(room -> sales.add(room.sale().value()));
            return sales;
        }
    }

    Stored all() {
        List<RoomDefinition> rooms = new ArrayList<>();
        Map<String, UnreadableRoomException> unreadable = new TreeMap<>();
        jdbc.query(SELECT + " WHERE NOT deleted ORDER BY sale_id LIMIT " + ROOMS_MAX, (RowCallbackHandler) row -> {
            try {
                rooms.add(room(row, 0));
            } catch (UnreadableRoomException e) {
                unreadable.put(row.getString("sale_id"), e);
            }
        });
        return new Stored(rooms, unreadable);
    }

    /**
     * @throws UnreadableRoomException if the row cannot be read
     */
    public Optional<RoomDefinition> find(SaleId sale) {
        return jdbc.query(SELECT + " WHERE sale_id = ? AND NOT deleted", this::room, sale.value()).stream()
                .findFirst();
    }

    /** True for an unreadable row too: new settings repair it. */
    boolean exists(SaleId sale) {
        Long count = jdbc.queryForObject(
                "SELECT COUNT(*) FROM waiting_room WHERE sale_id = ? AND NOT deleted", Long.class, sale.value());
        return count != null && count > 0;
    }

    /**
     * What was promised to the visitors of a room, which may have ended.
     *
     * @param activeLimitMax highest limit that was ever set
     */
    public record Promise(int activeLimitMax, String seed) {}

    public Optional<Promise> promise(SaleId sale) {
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

    /** True if the room is new. A deleted room is reopened with another seed. */
    boolean insert(SaleId sale, RoomSettings settings) {
        String text = json.writeValueAsString(settings);
        try {
            jdbc.update(
                    "INSERT INTO waiting_room (sale_id, settings, control, seed, epoch, deleted, created_at,"
                            + " active_limit_max) VALUES (?, ?, ?, ?, 0, FALSE, ?, ?)",
                    sale.value(),
                    text,
                    Control.OPEN.name(),
                    Seed.random(),
                    clock.millis(),
                    limit(settings));
            return true;
        } catch (DuplicateKeyException e) {
            return jdbc.update(
                            "UPDATE waiting_room SET settings = ?, control = ?, seed = ?, epoch = epoch + 1, deleted ="
                                    + " FALSE, created_at = ?, active_limit_max = GREATEST(active_limit_max, ?) WHERE"
                                    + " sale_id = ? AND deleted",
                            text,
                            Control.OPEN.name(),
                            Seed.random(),
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
        // The update count is the number of matched rows, changed or not.
        return exists(sale)
                && jdbc.update(
                                "UPDATE waiting_room SET control = ? WHERE sale_id = ? AND NOT deleted",
                                control.name(),
                                sale.value())
                        >= 0;
    }

    /** Ends the room. Its journal is kept for the receipts. */
    public boolean delete(SaleId sale) {
        boolean ended = jdbc.update(
                        "UPDATE waiting_room SET deleted = TRUE, epoch = epoch + 1 WHERE sale_id = ? AND NOT deleted",
                        sale.value())
                == 1;
        if (ended) {
            // No other entry is written any more, so this one is the last.
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

    /** After this, no node writes entries of an earlier epoch. */
    public boolean nextEpoch(RoomDefinition known) {
        return jdbc.update(
                        "UPDATE waiting_room SET epoch = epoch + 1 WHERE sale_id = ? AND epoch = ? AND NOT deleted",
                        known.sale().value(),
                        known.epoch())
                == 1;
    }

    private RoomDefinition room(ResultSet row, int number) throws SQLException {
        String sale = row.getString("sale_id");
        String settings = row.getString("settings");
        String control = row.getString("control");
        String seed = row.getString("seed");
        long epoch = row.getLong("epoch");
        try {
            RoomSettings read = json.readValue(settings, RoomSettings.class);
            if (read == null || !SEED.matcher(seed).matches()) {
                throw new InvalidValueException(read == null ? "No settings" : "The seed is not 32 bytes");
            }
            return new RoomDefinition(SaleId.of(sale), read, Control.valueOf(control), seed, epoch);
        } catch (RuntimeException e) {
            throw new UnreadableRoomException(sale, e);
        }
    }
}
