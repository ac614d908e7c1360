package dev.onsale.command.publishing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.kafka.core.KafkaAdmin;

/**
 * The topics that the beans of this application declare. A topic that somebody else made may take smaller records than are
 * published: its limit is raised. A larger limit, and every other setting of the topic, stays as it is.
 */
final class DeclaredTopics extends KafkaAdmin {

    private static final Logger log = LoggerFactory.getLogger(DeclaredTopics.class);
    private static final int PATIENCE_SECONDS = 10;
    private static final int CLOSE_SECONDS = 1;

    DeclaredTopics(KafkaAdmin admin, ApplicationContext context) {
        super(admin.getConfigurationProperties());
        setApplicationContext(context);
        setOperationTimeout(PATIENCE_SECONDS);
        setCloseTimeout(CLOSE_SECONDS);
    }

    /** Topics that do not exist, or that this user may not alter, are left as they are: the publisher works with any limit. */
    void raiseLimits() {
        Map<ConfigResource, Integer> wanted = newTopics().stream()
                .filter(topic -> limit(topic) > 0)
                .collect(Collectors.toMap(
                        topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), DeclaredTopics::limit));
        try (Admin admin = createAdmin()) {
            Map<ConfigResource, KafkaFuture<Config>> known =
                    admin.describeConfigs(wanted.keySet()).values();
            for (Map.Entry<ConfigResource, Integer> topic : wanted.entrySet()) {
                raise(admin, topic.getKey(), topic.getValue(), known);
            }
        }
    }

    private static int limit(NewTopic topic) {
        Map<String, String> configs = topic.configs() == null ? Map.of() : topic.configs();
        return Integer.parseInt(configs.getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "0"));
    }

    private static void raise(
            Admin admin, ConfigResource topic, int wanted, Map<ConfigResource, KafkaFuture<Config>> known) {
        try {
            Config config = known.getOrDefault(topic, KafkaFuture.completedFuture(new Config(List.of())))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            ConfigEntry present = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            if (present != null && Long.parseLong(present.value()) < wanted) {
                Map<ConfigResource, java.util.Collection<AlterConfigOp>> change = new HashMap<>();
                change.put(
                        topic,
                        List.of(new AlterConfigOp(
                                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(wanted)),
                                AlterConfigOp.OpType.SET)));
                admin.incrementalAlterConfigs(change).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                log.info(
                        "max.message.bytes of topic {} is raised from {} to {}", topic.name(), present.value(), wanted);
            }
        } catch (ExecutionException | TimeoutException failure) {
            if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)) {
                log.warn(
                        "max.message.bytes of topic {} should be at least {} and could not be set: {}",
                        topic.name(),
                        wanted,
                        failure.toString());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
