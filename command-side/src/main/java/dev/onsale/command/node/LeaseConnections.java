package dev.onsale.command.node;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections of the lease alone. A renewal neither waits for a pool that other work has emptied, nor for a connection whose other end
 * is gone without a word: each call ends after the lapse of the lease, when its answer is of no use any more.
 */
final class LeaseConnections {

    private static final int CONNECTIONS = 2;
    private static final Duration CONNECT_LEAST = Duration.ofMillis(250);

    private LeaseConnections() {}

    /** To the same database; the pool itself where it is not one of HikariCP with an address. */
    static DataSource like(DataSource main, NodeLeaseProperties settings) {
        HikariDataSource pool = hikari(main);
        if (pool == null || pool.getJdbcUrl() == null) {
            return main;
        }
        HikariConfig own = new HikariConfig();
        own.setPoolName("node-lease");
        own.setJdbcUrl(pool.getJdbcUrl());
        own.setUsername(pool.getUsername());
        own.setPassword(pool.getPassword());
        own.setDataSourceProperties(pool.getDataSourceProperties());
        String lapse = Long.toString(settings.lapse().toMillis());
        own.addDataSourceProperty("connectTimeout", lapse);
        own.addDataSourceProperty("socketTimeout", lapse);
        own.setMaximumPoolSize(CONNECTIONS);
        own.setMinimumIdle(1);
        long connect = Math.max(CONNECT_LEAST.toMillis(), settings.renewEvery().toMillis());
        own.setConnectionTimeout(connect);
        own.setValidationTimeout(connect);
        own.setInitializationFailTimeout(-1);
        return new HikariDataSource(own);
    }

    private static @Nullable HikariDataSource hikari(DataSource main) {
        try {
            return main.isWrapperFor(HikariDataSource.class) ? main.unwrap(HikariDataSource.class) : null;
        } catch (SQLException e) {
            throw new IllegalStateException("The data source cannot be asked what it is", e);
        }
    }
}
