package dev.onsale.saga.reservation;

import dev.onsale.saga.SagaConfiguration;
import dev.onsale.testsupport.TestDatabase;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
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

    static SagaHost start(TestDatabase database, URI gateway, Clock clock, String... arguments) {
        return new SagaHost(new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .initializers(context -> {
                    GenericApplicationContext beans = (GenericApplicationContext) context;
                    beans.registerBean("clock", Clock.class, () -> clock);
                })
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
                .run(arguments));
    }

    BackOffice backOffice() {
        return context.getBean(BackOffice.class);
    }

    long count(String table) {
        return jdbc().sql("SELECT COUNT(*) FROM " + table).query(Long.class).single();
    }

    JdbcClient jdbc() {
        return context.getBean(JdbcClient.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    <T> List<T> beans(Class<T> type) {
        return context.getBeanProvider(type).stream().toList();
    }

    @Override
    public void close() {
        context.close();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(SagaConfiguration.class)
    static class Application {

        /** Axon tells nodes apart by their JVM; two hosts in one JVM would share every claim on a segment. */
        @Bean
        static BeanPostProcessor nodeOfItsOwn(
                ObjectProvider<ConnectionProvider> connections,
                ObjectProvider<Serializer> serializer,
                ObjectProvider<TokenSchema> schema) {
            String node = "node-" + UUID.randomUUID();
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof JdbcTokenStore
                            ? JdbcTokenStore.builder()
                                    .nodeId(node)
                                    .connectionProvider(connections.getObject())
                                    .serializer(serializer.getObject())
                                    .schema(schema.getObject())
                                    .build()
                            : bean;
                }
            };
        }

        @Bean
        BackOffice backOffice(EventStore store, TransactionManager transactions, Clock clock) {
            return new BackOffice(store, transactions, clock);
        }
    }
}
