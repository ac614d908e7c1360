package dev.onsale.benchmarks;

import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.standalone.OnsaleApplication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventProcessor;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.listener.MessageListenerContainer;

/** All of Onsale in this process, with or without its event processors and Kafka consumers. */
public final class OnsaleServer implements AutoCloseable {

    private final EmbeddedServices services;
    private final ConfigurableApplicationContext context;

    private OnsaleServer(EmbeddedServices services, ConfigurableApplicationContext context) {
        this.services = services;
        this.context = context;
    }

    /** Starts the server and stops its event processors and consumers, so that only the measured code runs. */
    public static OnsaleServer start(Path folder) {
        OnsaleServer server = startWithFollowers(folder);
        server.context
                .getBean(EventProcessingConfiguration.class)
                .eventProcessors()
                .values()
                .forEach(EventProcessor::shutDown);
        server.context.getBeansOfType(MessageListenerContainer.class).values().forEach(MessageListenerContainer::stop);
        return server;
    }

    /**
     * Starts the server with its event processors and consumers, but without payments and seals.
     *
     * @param beans additional beans of the benchmark
     */
    public static OnsaleServer startWithFollowers(Path folder, Class<?>... beans) {
        return start(
                folder,
                List.of(
                        "--onsale.payment.base-url=http://127.0.0.1:9",
                        "--onsale.seals.enabled=false",
                        "--onsale.rebuild.settled-after=1s"),
                beans);
    }

    /** Starts the whole application with additional settings. */
    public static OnsaleServer start(Path folder, List<String> settings, Class<?>... beans) {
        EmbeddedServices services =
                EmbeddedServices.start(EmbeddedOptions.in(folder).withFreshData(), System.err::println);
        SpringApplication application = new SpringApplication(OnsaleApplication.class);
        application.addPrimarySources(List.of(beans));
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false);
        List<String> arguments = new ArrayList<>(services.addresses().springArguments());
        arguments.addAll(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--onsale.standalone.development-tokens.enabled=true",
                "--onsale.standalone.demo=false",
                "--onsale.standalone.data=" + folder));
        arguments.addAll(settings);
        try {
            return new OnsaleServer(services, application.run(arguments.toArray(String[]::new)));
        } catch (RuntimeException failed) {
            services.close();
            throw failed;
        }
    }

    /** Folder for the data of a benchmark, as set by the launcher. */
    public static Path folder(String benchmark) {
        return Path.of(System.getProperty("onsale.bench.folder", "target/bench"), benchmark);
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
