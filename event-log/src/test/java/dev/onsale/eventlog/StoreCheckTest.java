package dev.onsale.eventlog;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.testsupport.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A server with unsuitable settings is refused with one line that names the setting. */
@Tag("services")
class StoreCheckTest {

    private final TestDatabase database = TestDatabase.fresh();

    @Test
    void the_settings_of_the_documents_are_accepted() {
        assertThatCode(() -> check("")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "transaction_isolation='REPEATABLE-READ'|READ-COMMITTED",
                "transaction_isolation='SERIALIZABLE'|READ-COMMITTED",
                "auto_increment_increment=7|auto_increment_increment is 7",
                "auto_increment_offset=2|auto_increment_offset is 2",
                "innodb_lock_wait_timeout=120|innodb_lock_wait_timeout is 120 s"
            })
    void an_unsuitable_setting_is_named_in_one_line(String setting, String named) {
        assertThatThrownBy(() -> check("&sessionVariables=" + setting))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("The database cannot be used: ")
                .hasMessageContaining(named)
                .hasMessageNotContaining("\n");
    }

    private void check(String parameters) {
        new StoreCheck(JdbcClient.create(new DriverManagerDataSource(
                        database.jdbcUrl() + parameters, database.user(), database.password())))
                .afterPropertiesSet();
    }
}
