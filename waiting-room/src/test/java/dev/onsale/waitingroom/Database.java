package dev.onsale.waitingroom;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.onsale.testsupport.TestDatabase;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;

/** The database that the tests of this module share, with the tables of the waiting room. */
public final class Database {

    private static final TestDatabase SCHEMA = TestDatabase.fresh();
    private static final HikariDataSource SOURCE = migrated();

    private Database() {}

    public static String url() {
        return SCHEMA.jdbcUrl();
    }

    public static String user() {
        return SCHEMA.user();
    }

    public static String password() {
        return SCHEMA.password();
    }

    public static DataSource source() {
        return SOURCE;
    }

    public static JdbcTemplate jdbc() {
        return new JdbcTemplate(SOURCE);
    }

    private static HikariDataSource migrated() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setUsername(user());
        config.setPassword(password());
        config.setMaximumPoolSize(16);
        HikariDataSource source = new HikariDataSource(config);
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/waiting-room")
                .load()
                .migrate();
        return source;
    }
}
