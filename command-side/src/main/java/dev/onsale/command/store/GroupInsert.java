package dev.onsale.command.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** Writes a group's rows as one statement that is a transaction of its own: all of them or none, in one round trip. */
public final class GroupInsert {

    private final DataSource dataSource;

    public GroupInsert(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    void write(List<String> rows) throws SQLException {
        int length = RowText.INSERT.length();
        for (String text : rows) {
            length += text.length() + 1;
        }
        StringBuilder sql = new StringBuilder(length).append(RowText.INSERT);
        for (int index = 0; index < rows.size(); index++) {
            if (index > 0) {
                sql.append(',');
            }
            sql.append(rows.get(index));
        }
        try (Connection connection = dataSource.getConnection();
                Statement insert = connection.createStatement()) {
            if (!connection.getAutoCommit()) {
                throw new IllegalStateException("The event store's connections commit each statement by themselves");
            }
            insert.setEscapeProcessing(false);
            var unused = insert.executeUpdate(sql.toString());
        }
    }
}
