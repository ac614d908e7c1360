package dev.onsale.query.rebuild;

import dev.onsale.query.rebuild.RebuildStatus.Direction;
import dev.onsale.query.rebuild.RebuildStatus.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The row of each rebuild. Whoever owns it works on it; the others leave it alone until its owner gives no sign of life. */
@Component
class RebuildStore {

    private static final String UNDER_WAY = "('BUILDING', 'COMPARING', 'SWITCHING')";
    private static final String MINE = " WHERE name = ? AND owner = ? AND state IN " + UNDER_WAY + " ";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    RebuildStore(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    /** One rebuild as stored. */
    record Row(
            String name,
            Direction direction,
            State state,
            boolean switchAfter,
            String startedAt,
            @Nullable String endedAt,
            long builtTo,
            long facts,
            @Nullable Long differences,
            @Nullable String problem,
            long ownedUntil) {}

    /** The process took too long, and another one has taken the rebuild over. */
    static final class NotMineException extends RuntimeException {
        NotMineException(String name) {
            super("Another process has taken over the rebuild of " + name);
        }
    }

    Optional<Row> find(String name) {
        return jdbc.query("SELECT * FROM projection_rebuild WHERE name = ?", RebuildStore::row, name).stream()
                .findFirst();
    }

    List<Row> underWay() {
        return jdbc.query("SELECT * FROM projection_rebuild WHERE state IN " + UNDER_WAY, RebuildStore::row);
    }

    private static Row row(ResultSet row, int index) throws SQLException {
        long differences = row.getLong("differences");
        boolean compared = !row.wasNull();
        return new Row(
                row.getString("name"),
                Direction.valueOf(row.getString("direction")),
                State.valueOf(row.getString("state")),
                row.getBoolean("switch_after"),
                row.getString("started_at"),
                row.getString("ended_at"),
                row.getLong("built_to"),
                row.getLong("facts"),
                compared ? differences : null,
                row.getString("problem"),
                row.getLong("owned_until"));
    }

    /** Begins one; {@code false} if one is under way. */
    boolean begin(
            String name, Direction direction, boolean switchAfter, String startedAt, UUID owner, long ownedUntil) {
        jdbc.update(
                "INSERT IGNORE INTO projection_rebuild (name, direction, state, switch_after, started_at, built_to,"
                        + " facts, owner, owned_until) VALUES (?, 'FORWARD', 'CANCELLED', FALSE, '', 0, 0, '', 0)",
                name);
        return jdbc.update(
                        "UPDATE projection_rebuild SET direction = ?, state = 'BUILDING', switch_after = ?, started_at = ?,"
                                + " ended_at = NULL, built_to = 0, facts = 0, differences = NULL, problem = NULL,"
                                + " owner = ?, owned_until = ? WHERE name = ?"
                                + " AND state NOT IN " + UNDER_WAY,
                        direction.name(),
                        switchAfter,
                        startedAt,
                        owner.toString(),
                        ownedUntil,
                        name)
                == 1;
    }

    /** Takes one over whose owner gives no sign of life, or that waits for its switch. */
    boolean takeOver(Row row, State state, UUID owner, long ownedUntil) {
        return jdbc.update(
                        "UPDATE projection_rebuild SET owner = ?, owned_until = ?, state = ?,"
                                + " switch_after = (switch_after OR ?) WHERE name = ? AND owned_until = ? AND state = ?",
                        owner.toString(),
                        ownedUntil,
                        state.name(),
                        state == State.SWITCHING,
                        row.name(),
                        row.ownedUntil(),
                        row.state().name())
                == 1;
    }

    void checkpoint(String name, UUID owner, long builtTo, long facts, long ownedUntil) {
        update(name, owner, "built_to = ?, facts = ?, owned_until = ?", builtTo, facts, ownedUntil);
    }

    /** A sign of life. */
    void extend(String name, UUID owner, long ownedUntil) {
        update(name, owner, "owned_until = ?", ownedUntil);
    }

    void state(String name, UUID owner, State state, long ownedUntil) {
        update(name, owner, "state = ?, owned_until = ?", state.name(), ownedUntil);
    }

    void compared(String name, UUID owner, long differences) {
        update(name, owner, "differences = ?", differences);
    }

    /**
     * Changes tables while nobody can take the rebuild over or cancel it.
     *
     * @param change on connections of its own
     */
    void whileMine(String name, UUID owner, Runnable change) {
        transaction.executeWithoutResult(status -> {
            mine(name, locked(name, owner, "FOR UPDATE"));
            change.run();
        });
    }

    /** Changes tables while nobody can begin anew; not if somebody has. */
    void whileCancelled(String name, Runnable change) {
        transaction.executeWithoutResult(status -> {
            if (!jdbc.queryForList(
                            "SELECT 1 FROM projection_rebuild WHERE name = ? AND state = 'CANCELLED' FOR UPDATE", name)
                    .isEmpty()) {
                change.run();
            }
        });
    }

    /** Holds others off until the end of the transaction: nobody takes the rebuild over or cancels it meanwhile. */
    void stays(String name, UUID owner) {
        mine(name, locked(name, owner, "LOCK IN SHARE MODE"));
    }

    private int locked(String name, UUID owner, String lock) {
        return jdbc.queryForList("SELECT 1 FROM projection_rebuild" + MINE + lock, name, owner.toString())
                .size();
    }

    private void update(String name, UUID owner, String columns, Object... values) {
        mine(name, updated(name, owner, columns, values));
    }

    private int updated(String name, UUID owner, String columns, @Nullable Object... values) {
        List<@Nullable Object> parameters = new ArrayList<>(Arrays.asList(values));
        parameters.addAll(List.of(name, owner.toString()));
        return jdbc.update("UPDATE projection_rebuild SET " + columns + MINE, parameters.toArray());
    }

    /** {@code false} if somebody has cancelled it or taken it over. */
    boolean end(String name, UUID owner, State state, String endedAt, @Nullable String problem) {
        return updated(
                        name,
                        owner,
                        "state = ?, ended_at = ?, problem = ?, owned_until = 0",
                        state.name(),
                        endedAt,
                        problem)
                == 1;
    }

    /** Whoever comes next may go on at once. */
    void leave(String name, UUID owner) {
        jdbc.update(
                "UPDATE projection_rebuild SET owned_until = 0 WHERE name = ? AND owner = ?", name, owner.toString());
    }

    /** Whether there was one to cancel; its owner notices at its next checkpoint. */
    boolean cancel(String name, String endedAt) {
        return jdbc.update(
                        "UPDATE projection_rebuild SET state = 'CANCELLED', ended_at = ?, owned_until = 0 WHERE name = ?"
                                + " AND state IN ('BUILDING', 'COMPARING', 'READY')",
                        endedAt,
                        name)
                == 1;
    }

    private static void mine(String name, int rows) {
        if (rows != 1) {
            throw new NotMineException(name);
        }
    }
}
