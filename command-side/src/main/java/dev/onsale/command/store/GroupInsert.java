package dev.onsale.command.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** Writes a group's rows as one statement that is a transaction of its own: all of them or none, in one round trip. */
public final class GroupInsert {

    /** A required column is null, which only the fence causes. */
    private static final int NULL_COLUMN = 1048;

    /** The database did not tell where the rows are. */
    static final long UNKNOWN_POSITION = -1;

    private final DataSource dataSource;
    private final WriteFence fence;

    public GroupInsert(DataSource dataSource) {
        this(dataSource, WriteFence.NONE);
    }

    public GroupInsert(DataSource dataSource, WriteFence fence) {
        this.dataSource = dataSource;
        this.fence = fence;
    }

    boolean mayWrite() {
        return fence.isOpen();
    }

    /** Whether the database refused a write because another node has the lease. */
    static boolean isFenced(SQLException failure) {
        return failure.getErrorCode() == NULL_COLUMN;
    }

    /** If the epoch is not this node's, the first identifier is null and the strict SQL mode refuses the statement. */
    private String fenced(String rows) {
        if (fence.epoch() == WriteFence.NO_EPOCH) {
            return rows;
        }
        int end = rows.indexOf(',');
        return "(IF((SELECT COUNT(*) FROM command_node WHERE id = 1 AND epoch = " + fence.epoch() + ") = 1, "
                + rows.substring(1, end) + ", NULL)" + rows.substring(end);
    }

    /** Returns the position of the first row; the others follow without a gap, because their number is known. */
    long write(List<String> rows) throws SQLException {
        int length = RowText.INSERT.length();
        for (String text : rows) {
            length += text.length() + 1;
        }
        StringBuilder sql = new StringBuilder(length).append(RowText.INSERT);
        for (int index = 0; index < rows.size(); index++) {
            if (index > 0) {
                sql.append(',');
            }
            sql.append(index == 0 ? fenced(rows.get(index)) : rows.get(index));
        }
        try (Connection connection = dataSource.getConnection();
                Statement insert = connection.createStatement()) {
            if (!connection.getAutoCommit()) {
                throw new IllegalStateException("The event store's connections commit each statement by themselves");
            }
            insert.setEscapeProcessing(false);
            var unused = insert.executeUpdate(sql.toString(), Statement.RETURN_GENERATED_KEYS);
            return firstPosition(insert);
        }
    }

    private static long firstPosition(Statement insert) throws SQLException {
        try (ResultSet keys = insert.getGeneratedKeys()) {
            return keys.next() ? keys.getLong(1) : UNKNOWN_POSITION;
        }
    }
}
