package dev.onsale.platform.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.testsupport.TestServices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

/** Consumers of a real Kafka whose listener ends by an error, or hangs. */
@Tag("services")
class KafkaConsumersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(1);

    /** Well above the time between two polls of a consumer that is alive. */
    private static final Duration POLL_MAX = POLL_TIMEOUT.multipliedBy(4);

    private final String topic = "watched-" + UUID.randomUUID();
    private final ConcurrentLinkedQueue<String> consumed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger tries = new AtomicInteger();

    @Test
    void an_error_that_ends_a_consumer_is_counted_and_the_record_comes_again() throws Exception {
        ConcurrentMessageListenerContainer<String, String> container = container(record -> {
            if (tries.incrementAndGet() <= 1) {
                throw new NoClassDefFoundError("injected");
            }
            consumed.add(record.value());
        });
        AtomicLong passed = new AtomicLong();
        KafkaConsumerSupervision supervision =
                new KafkaConsumerSupervision(Map.of("test", container), Duration.ofMinutes(5), passed::get);
        SupervisedWork work = supervision.supervisedWork().iterator().next();
        container.start();
        supervision.start();
        try {
            send("first");
            await().atMost(PATIENCE).until(() -> consumed.contains("first"));
            send("second");
            await().atMost(PATIENCE).until(() -> consumed.contains("second"));
            assertThat(work.failures()).isEqualTo(1);
            assertThat(work.state()).isNotEqualTo(SupervisedWork.State.RUNNING);
            passed.set(KafkaConsumerSupervision.WORKS_AFTER.toNanos());
            await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.RUNNING);
        } finally {
            supervision.stop();
            container.stop();
        }
        assertThat(List.copyOf(consumed)).containsExactly("first", "second");
        assertThat(work.state()).isEqualTo(SupervisedWork.State.STOPPED);
    }

    @Test
    void a_consumer_that_an_error_ends_again_and_again_is_failed() throws Exception {
        ConcurrentMessageListenerContainer<String, String> container = container(record -> {
            throw new NoClassDefFoundError("injected");
        });
        KafkaConsumerSupervision supervision = new KafkaConsumerSupervision(Map.of("test", container));
        SupervisedWork work = supervision.supervisedWork().iterator().next();
        send("first");
        container.start();
        supervision.start();
        try {
            await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.FAILED);
        } finally {
            supervision.stop();
            container.stop();
        }
    }

    @Test
    void a_consumer_whose_listener_hangs_is_failed_until_it_polls_again() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        ConcurrentMessageListenerContainer<String, String> container = container(record -> {
            try {
                assertThat(end.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            consumed.add(record.value());
        });
        KafkaConsumerSupervision supervision =
                new KafkaConsumerSupervision(Map.of("test", container), POLL_MAX, System::nanoTime);
        SupervisedWork work = supervision.supervisedWork().iterator().next();
        container.start();
        supervision.start();
        try {
            await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.RUNNING);
            send("first");
            await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.FAILED);
            assertThat(work.lastFailure()).contains("has not polled");
            end.countDown();
            await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.RUNNING);
            assertThat(List.copyOf(consumed)).containsExactly("first");
        } finally {
            end.countDown();
            supervision.stop();
            container.stop();
        }
    }

    private ConcurrentMessageListenerContainer<String, String> container(MessageListener<String, String> listener)
            throws Exception {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                TestServices.shared().kafkaBootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
        ContainerProperties properties = new ContainerProperties(topic);
        properties.setGroupId(topic);
        properties.setMessageListener(listener);
        properties.setPollTimeout(POLL_TIMEOUT.toMillis());
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
