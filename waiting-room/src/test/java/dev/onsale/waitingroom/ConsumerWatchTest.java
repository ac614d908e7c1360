package dev.onsale.waitingroom;

import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.testsupport.TestServices;
import dev.onsale.web.supervision.SupervisedWork;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import reactor.core.publisher.Mono;

@Tag("services")
class ConsumerWatchTest {

    private final String topic = "consumer-watch-" + UUID.randomUUID();

    @Test
    void a_consumer_whose_thread_ended_by_an_error_is_started_again_and_counted() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        AtomicInteger errors = new AtomicInteger();
        Queue<String> taken = new ConcurrentLinkedQueue<>();
        var container = container(records -> {
            if (broken.get()) {
                errors.incrementAndGet();
                throw new NoClassDefFoundError("injected");
            }
            records.forEach(record -> taken.add(record.value()));
        });
        ConsumerWatch watch = new ConsumerWatch(Map.of("test-consumer", container));
        SupervisedWork work = watch.supervisedWork().iterator().next();
        send("one");
        container.start();
        try {
            await("the end of the thread").atMost(BOUND).until(() -> !container.isInExpectedState());
            await("two more starts").atMost(BOUND.multipliedBy(2)).until(() -> {
                watch.look();
                return errors.get() >= 3;
            });
            assertThat(work.failures()).isGreaterThanOrEqualTo(2);
            assertThat(work.state()).isEqualTo(SupervisedWork.State.RETRYING);

            broken.set(false);
            await("the record").atMost(BOUND.multipliedBy(2)).until(() -> {
                watch.look();
                return taken.contains("one");
            });
        } finally {
            container.stop();
        }
        watch.look();
        assertThat(container.isRunning()).as("a normal stop is left alone").isFalse();
        assertThat(work.state()).isEqualTo(SupervisedWork.State.STOPPED);
    }

    @Test
    void a_record_whose_work_ends_by_an_error_fails_alone() {
        List<ConsumerRecord<String, String>> records = List.of(
                new ConsumerRecord<>(topic, 0, 0, "a", "good"),
                new ConsumerRecord<>(topic, 0, 1, "a", "bad"),
                new ConsumerRecord<>(topic, 0, 2, "a", "good"));
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> BatchInOrder.run(records, record -> {
                    if (record.value().equals("bad")) {
                        throw new StackOverflowError("injected");
                    }
                    return Mono.empty();
                })))
                .isInstanceOfSatisfying(BatchListenerFailedException.class, failed -> assertThat(failed.getRecord())
                        .isEqualTo(records.get(1)));
    }

    private ConcurrentMessageListenerContainer<String, String> container(
            BatchMessageListener<String, String> listener) {
        ContainerProperties properties = new ContainerProperties(topic);
        properties.setGroupId(topic);
        properties.setMessageListener(listener);
        return new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(
                        Map.of(
                                "bootstrap.servers",
                                TestServices.shared().kafkaBootstrapServers(),
                                "auto.offset.reset",
                                "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer()),
                properties);
    }

    private void send(String value) throws Exception {
        try (var admin = RunningRoom.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", TestServices.shared().kafkaBootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "a", value)).get();
        }
    }
}
