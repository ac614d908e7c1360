package dev.onsale.standalone.monitoring;

import dev.onsale.platform.supervision.PeriodicBean;
import dev.onsale.platform.supervision.SupervisedWork;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lag and members of the consumer groups of this node, as Kafka knows them. Consumers report a lag only while they live; this
 * one is known without them. While Kafka is away the metrics have no values.
 */
final class ConsumerGroupWatch extends PeriodicBean {

    static final Duration EVERY = Duration.ofSeconds(15);
    private static final Logger log = LoggerFactory.getLogger(ConsumerGroupWatch.class);
    private static final Duration SILENT_MAX = Duration.ofMinutes(5);

    private final Supplier<Admin> clients;
    private final Supplier<Map<String, Set<String>>> groups;
    private final MultiGauge lag;
    private final MultiGauge members;
    private final MultiGauge unassigned;
    private @Nullable Admin client;

    /**
     * @param groups topics of each group
     */
    ConsumerGroupWatch(Supplier<Admin> clients, Supplier<Map<String, Set<String>>> groups, MeterRegistry registry) {
        super(new SupervisedWork("consumer-group-watch", SILENT_MAX).optional(), EVERY);
        this.clients = clients;
        this.groups = groups;
        this.lag = MultiGauge.builder("onsale.consumer.lag.records")
                .description("Records of a partition that a consumer group has not committed yet")
                .register(registry);
        this.members = MultiGauge.builder("onsale.consumer.members")
                .description("Living consumers of a group, on all nodes")
                .register(registry);
        this.unassigned = MultiGauge.builder("onsale.consumer.partitions.unassigned")
                .description("Partitions of a group's topics that no consumer reads")
                .register(registry);
    }

    @Override
    protected void round() {
        try {
            if (client == null) {
                client = clients.get();
            }
            show(new ConsumerGroups(client).read(groups.get()));
        } catch (TimeoutException away) {
            unknown(away);
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof RetriableException)) {
                show(List.of());
                throw new IllegalStateException("Kafka did not describe the consumer groups", failed);
            }
            unknown(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** An outage of Kafka has its own line in the log and its own metric. */
    private void unknown(Exception away) {
        log.debug("Kafka did not describe the consumer groups", away);
        show(List.of());
    }

    private void show(List<ConsumerGroups.Group> read) {
        List<Row<?>> lags = new ArrayList<>();
        List<Row<?>> counts = new ArrayList<>();
        List<Row<?>> without = new ArrayList<>();
        for (ConsumerGroups.Group group : read) {
            Tags tags = Tags.of("group", group.id());
            group.lag()
                    .forEach((partition, records) -> lags.add(Row.of(
                            tags.and("topic", partition.topic(), "partition", Integer.toString(partition.partition())),
                            records)));
            counts.add(Row.of(tags, group.members()));
            without.add(Row.of(tags, group.unassigned()));
        }
        lag.register(lags, true);
        members.register(counts, true);
        unassigned.register(without, true);
    }

    @Override
    public synchronized void stop() {
        super.stop();
        if (client != null) {
            client.close(Duration.ofSeconds(1));
            client = null;
        }
    }
}
