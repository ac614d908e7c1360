package dev.onsale.command.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Writes a group's rows as one statement that is a transaction of its own: all of them or none, in one round trip. */
public final class GroupInsert {

    /** A required column is null, which only a failed check of the shards causes. */
    private static final int NULL_COLUMN = 1048;

    /** The database did not tell where the rows are. */
    static final long UNKNOWN_POSITION = -1;

    private final DataSource dataSource;
    private final ShardCheck check;

    public GroupInsert(DataSource dataSource) {
        this(dataSource, ShardOwnership.ALL);
    }

    public GroupInsert(DataSource dataSource, ShardOwnership ownership) {
        this.dataSource = dataSource;
        this.check = new ShardCheck(dataSource, ownership);
    }

    /** If the condition does not hold, the first identifier is null and the strict SQL mode refuses the statement. */
    private static String checked(String rows, @Nullable String condition) {
        if (condition == null) {
            return rows;
        }
        int end = rows.indexOf(',');
        return "(IF(" + condition + ", " + rows.substring(1, end) + ", NULL)" + rows.substring(end);
    }

    /**
     * Returns the position of the first row; the others follow without a gap, because their number is known.
     *
     * @throws ShardNotOwnedException if another node owns a shard of the claims; nothing is written
     */
    long write(List<String> rows, List<WriteClaim> claims) throws SQLException {
        String condition = check.condition(claims);
        int length = RowText.INSERT.length() + (condition == null ? 0 : condition.length());
        for (String text : rows) {
            length += text.length() + 1;
        }
        StringBuilder sql = new StringBuilder(length).append(RowText.INSERT);
        for (int index = 0; index < rows.size(); index++) {
            if (index > 0) {
                sql.append(',');
            }
            sql.append(index == 0 ? checked(rows.get(index), condition) : rows.get(index));
        }
        try (Connection connection = dataSource.getConnection();
                Statement insert = connection.createStatement()) {
            if (!connection.getAutoCommit()) {
                throw new IllegalStateException("The event store's connections commit each statement by themselves");
            }
            insert.setEscapeProcessing(false);
            var unused = insert.executeUpdate(sql.toString(), Statement.RETURN_GENERATED_KEYS);
            return firstPosition(insert);
        } catch (SQLException failure) {
            if (condition != null && failure.getErrorCode() == NULL_COLUMN) {
                throw check.refused();
            }
            throw failure;
        }
    }

    private static long firstPosition(Statement insert) throws SQLException {
        try (ResultSet keys = insert.getGeneratedKeys()) {
            return keys.next() ? keys.getLong(1) : UNKNOWN_POSITION;
        }
    }

    /** Runs another write under the same check. */
    void writeChecked(WriteClaim claim, Runnable write) {
        check.inTransaction(claim, write);
    }
}
