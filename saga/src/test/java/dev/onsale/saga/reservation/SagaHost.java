package dev.onsale.saga.reservation;

import dev.onsale.saga.SagaConfiguration;
import dev.onsale.testsupport.TestDatabase;
import java.net.URI;
import java.time.Clock;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The saga side as a process of its own; it can be stopped and started again on the same database. */
final class SagaHost implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private SagaHost(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static SagaHost start(TestDatabase database, URI gateway, Clock clock) {
        return new SagaHost(new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .initializers(context ->
                        ((GenericApplicationContext) context).registerBean("clock", Clock.class, () -> clock))
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.datasource.url=" + database.jdbcUrl(),
                        "spring.datasource.username=" + database.user(),
                        "spring.datasource.password=" + database.password(),
                        "spring.flyway.locations=classpath:db/migration/event-log,classpath:db/migration/saga",
                        "axon.update-check.disabled=true",
                        "onsale.payment.base-url=" + gateway,
                        "onsale.payment.circuit-open-duration=PT0.5S",
                        "onsale.saga.step-poll-interval=PT0.05S",
                        // The clock jumps minutes at once; a running step must not look dead for that.
                        "onsale.saga.step-heartbeat=PT5M",
                        "onsale.saga.retry-after-min=PT0.05S",
                        "onsale.saga.retry-after-max=PT0.5S",
                        "onsale.saga.expiry-recheck-interval=PT0.3S")
                .run());
    }

    BackOffice backOffice() {
        return context.getBean(BackOffice.class);
    }

    JdbcClient jdbc() {
        return context.getBean(JdbcClient.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(SagaConfiguration.class)
    static class Application {

        @Bean
        BackOffice backOffice(EventStore store, TransactionManager transactions, Clock clock) {
            return new BackOffice(store, transactions, clock);
        }
    }
}
