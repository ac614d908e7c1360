package dev.onsale.testsupport;

import dev.onsale.embedded.EmbeddedAddresses;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An empty database on the shared server that only one test uses.
 *
 * @param name name of the database within the server
 */
public record TestDatabase(String name, String jdbcUrl, String user, String password) {

    private static final Pattern URL = Pattern.compile("(jdbc:mysql://[^/]+/)([^?]*)(.*)");
    private static final AtomicInteger CREATED = new AtomicInteger();

    public static TestDatabase fresh() {
        EmbeddedAddresses shared = TestServices.shared();
        Matcher url = URL.matcher(shared.jdbcUrl());
        if (!url.matches()) {
            throw new IllegalStateException("Not the JDBC URL of a MySQL or MariaDB server: " + shared.jdbcUrl());
        }
        // The name contains the pid because several test JVMs may use the same server.
        String name = "onsale_test_%d_%d".formatted(ProcessHandle.current().pid(), CREATED.incrementAndGet());
        try (Connection connection =
                        DriverManager.getConnection(shared.jdbcUrl(), shared.jdbcUser(), shared.jdbcPassword());
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name);
            statement.execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
        } catch (SQLException e) {
            throw new IllegalStateException("No database could be created on " + shared.jdbcUrl(), e);
        }
        return new TestDatabase(name, url.group(1) + name + url.group(3), shared.jdbcUser(), shared.jdbcPassword());
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, user, password);
    }
}
