package dev.onsale.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("services")
class TestDatabaseTest {

    @Test
    void every_fresh_database_is_empty_whatever_another_one_holds() throws SQLException {
        TestDatabase first = TestDatabase.fresh();
        try (Connection connection = first.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE seat (id VARCHAR(36) PRIMARY KEY)");
        }

        TestDatabase second = TestDatabase.fresh();

        assertThat(second.name()).isNotEqualTo(first.name());
        try (Connection connection = second.connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("SELECT * FROM seat")).isInstanceOf(SQLException.class);
        }
        try (Connection connection = first.connect();
                Statement statement = connection.createStatement();
                ResultSet seats = statement.executeQuery("SELECT * FROM seat")) {
            assertThat(seats.next()).isFalse();
        }
    }
}
