package dev.onsale.standalone;

import dev.onsale.command.CommandSideConfiguration;
import dev.onsale.pages.PagesConfiguration;
import dev.onsale.query.QuerySideConfiguration;
import dev.onsale.saga.SagaConfiguration;
import dev.onsale.standalone.clock.ClockConfiguration;
import dev.onsale.standalone.library.LibraryConfiguration;
import dev.onsale.standalone.monitoring.MonitoringConfiguration;
import dev.onsale.standalone.outage.OutageConfiguration;
import dev.onsale.waitingroom.WaitingRoomConfiguration;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** {@code ./onsale run}: all modules in one Spring context. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    CommandSideConfiguration.class,
    SagaConfiguration.class,
    QuerySideConfiguration.class,
    WaitingRoomConfiguration.class,
    PagesConfiguration.class,
    DevelopmentTokens.class,
    DemoSale.class,
    OutageConfiguration.class,
    ClockConfiguration.class,
    LibraryConfiguration.class,
    MonitoringConfiguration.class,
    ModuleConnections.class
})
@EnableConfigurationProperties(StandaloneProperties.class)
public class OnsaleApplication {

    public static void main(String[] args) {
        start(args);
    }

    /** Starts the embedded services and the application. If that fails, prints the reason and ends the process. */
    static ConfigurableApplicationContext start(String[] args) {
        EmbeddedEnvironment environment = new EmbeddedEnvironment(System.out::println);
        // Runs after the context has closed, so that the databases stop last.
        SpringApplication.getShutdownHandlers().add(environment::close);
        SpringApplication application = new SpringApplication(OnsaleApplication.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.addListeners(environment, new LeaseLostListener());
        try {
            return application.run(args);
        } catch (RuntimeException failure) {
            environment.close();
            System.err.println("Onsale did not start: " + StartFailure.inOneLine(failure));
            System.exit(1);
            throw failure;
        }
    }
}
