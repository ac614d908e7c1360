package dev.onsale.command.node;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Stops the thread that renews the lease of one node, as a pause would, while all its other threads go on. */
class HangingRenewals implements BeanPostProcessor {

    private static final String RENEWAL = "UPDATE node_lease SET held_until";
    private static final int SECONDS_MAX = 120;

    private volatile CountDownLatch gate = new CountDownLatch(0);

    void hang() {
        gate = new CountDownLatch(1);
    }

    void goOn() {
        gate.countDown();
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource dataSource ? new Hanging(dataSource) : bean;
    }

    private final class Hanging extends DelegatingDataSource {

        Hanging(DataSource dataSource) {
            super(dataSource);
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                        if (method.getName().equals("prepareStatement")
                                && String.valueOf(arguments[0]).startsWith(RENEWAL)) {
                            boolean unused = gate.await(SECONDS_MAX, TimeUnit.SECONDS);
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
