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

/** All of Onsale in this process, with or without its followers of the log and its consumers. */
public final class OnsaleServer implements AutoCloseable {

    private final EmbeddedServices services;
    private final ConfigurableApplicationContext context;

    private OnsaleServer(EmbeddedServices services, ConfigurableApplicationContext context) {
        this.services = services;
        this.context = context;
    }

    /** Followers and consumers are stopped, so that only what is measured runs. */
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
     * Everything follows; nobody pays, and nothing is sealed.
     *
     * @param beans of the benchmark, beside those of Onsale
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

    /** The whole product with further settings. */
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

    /** The folder of a benchmark's data, as the launcher names it. */
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
