package dev.onsale.standalone.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.testsupport.TestServices;
import dev.onsale.web.supervision.SupervisedWork;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.MessageListener;

/** A consumer that an error ended consumes on. */
@Tag("services")
class ConsumerWatchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String topic = "watched-" + UUID.randomUUID();
    private final ConcurrentLinkedQueue<String> consumed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger tries = new AtomicInteger();

    @Test
    void an_error_that_ends_a_consumer_is_counted_and_the_record_comes_again() throws Exception {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                TestServices.shared().kafkaBootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
        ConcurrentMessageListenerContainer<String, String> container = container();
        ConsumerWatch watch = new ConsumerWatch(Map.of("testConsumers", container));
        container.start();
        watch.start();
        try {
            send("first");
            await().atMost(PATIENCE).until(() -> consumed.contains("first"));
            send("second");
            await().atMost(PATIENCE).until(() -> consumed.contains("second"));
            SupervisedWork work = watch.supervisedWork().iterator().next();
            assertThat(work.failures()).isEqualTo(1);
            await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.RUNNING);
        } finally {
            watch.stop();
            container.stop();
        }
        assertThat(List.copyOf(consumed)).containsExactly("first", "second");
    }

    private ConcurrentMessageListenerContainer<String, String> container() {
        ContainerProperties properties = new ContainerProperties(topic);
        properties.setGroupId(topic);
        properties.setMessageListener((MessageListener<String, String>) record -> {
            if (tries.incrementAndGet() <= 1) {
                throw new NoClassDefFoundError("injected");
            }
            consumed.add(record.value());
        });
        return new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                TestServices.shared().kafkaBootstrapServers(),
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer()),
                properties);
    }

    private void send(String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        TestServices.shared().kafkaBootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get(30, TimeUnit.SECONDS);
        }
    }
}
