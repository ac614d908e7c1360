package dev.onsale.command.node;

import dev.onsale.command.store.WriteFence;
import dev.onsale.platform.supervision.NodeLeaseLost;
import dev.onsale.platform.supervision.TaskThreads;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NodeLeaseProperties.class)
class NodeLeaseConfiguration {

    private static final String ENABLED = "onsale.command.node-lease.enabled";

    @Bean(destroyMethod = "close")
    @DependsOnDatabaseInitialization
    @ConditionalOnProperty(name = ENABLED, matchIfMissing = true)
    NodeLease nodeLease(
            DataSource dataSource,
            NodeLeaseProperties settings,
            ObjectProvider<EventProcessingConfiguration> processing,
            ApplicationEventPublisher events) {
        Consumer<NodeLeaseLost> whenLost = lost -> TaskThreads.start("command-node-stop", () -> {
            events.publishEvent(lost);
            processing.stream()
                    .flatMap(axon -> axon.eventProcessors().values().stream())
                    .forEach(EventProcessor::shutDown);
        });
        return new NodeLease(new NodeLeaseTable(dataSource, settings.lapse()), settings, whenLost, System.out::println);
    }

    @Bean
    @ConditionalOnProperty(name = ENABLED, havingValue = "false")
    WriteFence noNodeLease() {
        return WriteFence.NONE;
    }

    @Bean
    @ConditionalOnProperty(name = ENABLED, matchIfMissing = true)
    NodeLeaseHealthIndicator commandNodeHealthIndicator(NodeLease lease) {
        return new NodeLeaseHealthIndicator(lease);
    }
}
