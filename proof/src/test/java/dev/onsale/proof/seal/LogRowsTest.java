package dev.onsale.proof.seal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

@SuppressWarnings("NullAway") // A proxy answers with null where a method has no value.
class LogRowsTest {

    /** MariaDB says that a lock wait timed out, MySQL has an error of its own for NOWAIT, without an SQLState. */
    @ParameterizedTest
    @CsvSource({"1205, 41000", "1205, HY000", "3572, HY000"})
    void a_row_that_is_being_written_is_waited_for_on_every_database(int error, String sqlState) {
        LogRows rows = new LogRows(JdbcClient.create(
                new SingleConnectionDataSource(refusing(new SQLException("NOWAIT is set", sqlState, error)), true)));
        assertThatThrownBy(() -> rows.isEmptyForGood(5, 7)).isInstanceOf(TransientDataAccessException.class);
    }

    private static Connection refusing(SQLException refusal) {
        PreparedStatement statement = proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            if (method.getName().equals("executeQuery")) {
                throw refusal;
            }
            return defaultOf(method.getReturnType());
        });
        DatabaseMetaData metaData = proxy(
                DatabaseMetaData.class,
                (proxy, method, arguments) ->
                        method.getReturnType() == String.class ? "MySQL" : defaultOf(method.getReturnType()));
        return proxy(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "prepareStatement" -> statement;
            case "getMetaData" -> metaData;
            default -> defaultOf(method.getReturnType());
        });
    }

    private static Object defaultOf(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        return type == int.class ? (Object) 0 : type == long.class ? (Object) 0L : null;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(LogRowsTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
