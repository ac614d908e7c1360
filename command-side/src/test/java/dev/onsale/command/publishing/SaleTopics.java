package dev.onsale.command.publishing;

import static org.awaitility.Awaitility.await;

import dev.onsale.api.Topics;
import dev.onsale.testsupport.TestServices;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What a test sees of the topics, and changes in them, beside the publisher. */
final class SaleTopics {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private SaleTopics() {}

    static long limit(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = admin()) {
            return Long.parseLong(Objects.requireNonNull(admin.describeConfigs(List.of(resource))
                            .all()
                            .get(20, TimeUnit.SECONDS)
                            .get(resource))
                    .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
                    .value());
        }
    }

    static void limit(String topic, int bytes) throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> change = Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(new AlterConfigOp(
                        new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes)),
                        AlterConfigOp.OpType.SET)));
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(change).all().get(20, TimeUnit.SECONDS);
        }
        await("the limit of " + topic).atMost(PATIENCE).until(() -> limit(topic) == bytes);
    }

    /** The first copies of so many facts of a sale, in the order in which consumers see them. */
    static List<ConsumerRecord<String, byte[]>> told(String sale, int facts) {
        List<ConsumerRecord<String, byte[]>> told = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                TestServices.shared().kafkaBootstrapServers(),
                "isolation.level",
                "read_committed");
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.RESERVATION_EVENTS).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await(facts + " facts of the sale").atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (sale.equals(record.key()) && seen.add(header(record, Topics.HEADER_ID))) {
                        told.add(record);
                    }
                });
                return told.size() >= facts;
            });
        }
        return told;
    }

    static List<Long> positions(List<ConsumerRecord<String, byte[]>> told) {
        return told.stream()
                .map(record -> Long.parseLong(header(record, Topics.HEADER_POSITION)))
                .toList();
    }

    static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", TestServices.shared().kafkaBootstrapServers()));
    }
}
