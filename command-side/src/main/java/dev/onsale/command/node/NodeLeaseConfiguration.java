package dev.onsale.command.node;

import dev.onsale.command.bus.BatchingCommandBus;
import dev.onsale.command.store.ShardOwnership;
import dev.onsale.eventlog.personal.SecretSeal;
import dev.onsale.platform.supervision.NodeLeaseLost;
import dev.onsale.platform.supervision.TaskThreads;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class NodeLeaseConfiguration {

    private static final String ENABLED = "onsale.command.node-lease.enabled";

    @Bean
    @ConditionalOnProperty(name = ENABLED, havingValue = "false")
    ShardOwnership allShards() {
        return ShardOwnership.ALL;
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = ENABLED, matchIfMissing = true)
    @EnableConfigurationProperties({NodeLeaseProperties.class, NodeConnectionProperties.class})
    static class Leases {

        private static final String SEAL = "node-connections";
        private static final int EVENT_LOOPS = 2;

        @Bean(destroyMethod = "close")
        @DependsOnDatabaseInitialization
        NodeMembership nodeMembership(
                @Qualifier("leaseDataSource") DataSource leaseDataSource,
                NodeLeaseProperties settings,
                NodeConnectionProperties connections,
                SecretSeal seal,
                ObjectProvider<EventProcessingConfiguration> processing,
                ApplicationEventPublisher events) {
            Consumer<NodeLeaseLost> whenLost = lost -> TaskThreads.start("command-node-stop", () -> {
                events.publishEvent(lost);
                processing.stream()
                        .flatMap(axon -> axon.eventProcessors().values().stream())
                        .forEach(EventProcessor::shutDown);
            });
            NodeRegistration registration = new NodeRegistration(
                    connections.address(),
                    (id, secret) -> seal.isAvailable()
                            ? Base64.getEncoder().encodeToString(seal.seal(SEAL, id, secret))
                            : null);
            return new NodeMembership(
                    new NodeTable(leaseDataSource, settings.lapse()), settings, registration, whenLost);
        }

        /** Not for others: {@code defaultCandidate} keeps it from them. */
        @Bean(defaultCandidate = false)
        DataSource leaseDataSource(DataSource dataSource, NodeLeaseProperties settings) {
            return LeaseConnections.like(dataSource, settings);
        }

        @Bean
        @ConditionalOnProperty("onsale.command.nodes.ssl-bundle")
        NodeTls nodeTls(NodeConnectionProperties settings, SslBundles bundles) {
            return new NodeTls(bundles.getBundle(Objects.requireNonNull(settings.sslBundle())));
        }

        @Bean(destroyMethod = "dispose")
        LoopResources nodeEventLoops() {
            return LoopResources.create("onsale-node", EVENT_LOOPS, true);
        }

        @Bean(destroyMethod = "close")
        NodePeers nodePeers(LoopResources nodeEventLoops, ObjectProvider<NodeTls> nodeTls, SecretSeal seal) {
            return new NodePeers(nodeEventLoops, nodeTls.getIfAvailable(), node -> {
                String sealed = node.secret();
                return sealed == null || !seal.isAvailable()
                        ? null
                        : seal.open(SEAL, node.id(), Base64.getDecoder().decode(sealed));
            });
        }

        @Bean(destroyMethod = "close")
        @Primary
        RoutingCommandBus routingCommandBus(BatchingCommandBus local, NodeMembership membership, NodePeers peers) {
            membership.watchedBy(peers);
            return new RoutingCommandBus(local, membership, peers);
        }

        @Bean
        NodeLifecycle nodeLifecycle(
                NodeMembership membership,
                NodeConnectionProperties settings,
                LoopResources nodeEventLoops,
                ObjectProvider<NodeTls> nodeTls,
                BatchingCommandBus local) {
            return new NodeLifecycle(
                    membership, settings, nodeEventLoops, nodeTls.getIfAvailable(), local, System.out::println);
        }

        @Bean
        MeterBinder nodeLeaseMetrics(NodeMembership membership) {
            return registry -> {
                Gauge.builder("onsale.command.lease.trusted", membership, one -> one.isTrusted() ? 1 : 0)
                        .description("1 while this node may decide for its shards")
                        .register(registry);
                Gauge.builder("onsale.command.shards.owned", membership, NodeMembership::owned)
                        .description("Shards of this node, of 256")
                        .register(registry);
                FunctionCounter.builder("onsale.command.shard.changes", membership, NodeMembership::ownerChanges)
                        .description("Changes of the owners of shards that this node has seen")
                        .register(registry);
            };
        }

        @Bean
        NodeLeaseHealthIndicator commandNodeHealthIndicator(NodeMembership membership) {
            return new NodeLeaseHealthIndicator(membership);
        }
    }
}
