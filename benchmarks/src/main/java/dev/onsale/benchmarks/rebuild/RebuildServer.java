package dev.onsale.benchmarks.rebuild;

import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.standalone.OnsaleApplication;
import java.nio.file.Path;
import java.util.List;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventProcessor;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.listener.MessageListenerContainer;

/** All of Onsale in this process, with or without its followers of the log and its consumers. */
public final class RebuildServer implements AutoCloseable {

    private final EmbeddedServices services;
    private final ConfigurableApplicationContext context;

    private RebuildServer(EmbeddedServices services, ConfigurableApplicationContext context) {
        this.services = services;
        this.context = context;
    }

    /** Followers and consumers are stopped, so that only what is measured runs. */
    static RebuildServer start(Path folder) {
        RebuildServer server = startWithFollowers(folder);
        server.context
                .getBean(EventProcessingConfiguration.class)
                .eventProcessors()
                .values()
                .forEach(EventProcessor::shutDown);
        server.context.getBeansOfType(MessageListenerContainer.class).values().forEach(MessageListenerContainer::stop);
        return server;
    }

    /**
     * Everything follows.
     *
     * @param beans of the benchmark, beside those of Onsale
     */
    public static RebuildServer startWithFollowers(Path folder, Class<?>... beans) {
        EmbeddedServices services =
                EmbeddedServices.start(EmbeddedOptions.in(folder).withFreshData(), System.err::println);
        EmbeddedAddresses addresses = services.addresses();
        SpringApplication application = new SpringApplication(OnsaleApplication.class);
        application.addPrimarySources(List.of(beans));
        application.setBannerMode(Banner.Mode.OFF);
        application.setRegisterShutdownHook(false);
        ConfigurableApplicationContext context = application.run(
                "--server.port=0",
                "--management.server.port=0",
                "--onsale.standalone.development-tokens.enabled=true",
                "--onsale.standalone.demo=false",
                "--onsale.standalone.data=" + folder,
                // Nobody pays: the saga rests.
                "--onsale.payment.base-url=http://127.0.0.1:9",
                "--onsale.seals.enabled=false",
                "--onsale.rebuild.settled-after=1s",
                "--spring.datasource.url=" + addresses.jdbcUrl(),
                "--spring.datasource.username=" + addresses.jdbcUser(),
                "--spring.datasource.password=" + addresses.jdbcPassword(),
                "--spring.data.redis.host=" + addresses.redisHost(),
                "--spring.data.redis.port=" + addresses.redisPort(),
                "--spring.kafka.bootstrap-servers=" + addresses.kafkaBootstrapServers());
        return new RebuildServer(services, context);
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    @Override
    public void close() {
        context.close();
        services.close();
    }
}
