package dev.onsale.rehearsal.checkout;

import dev.onsale.api.Topics;
import dev.onsale.rehearsal.client.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes old Kafka records again, unchanged, after newer ones. */
final class ToldAgain {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String GROUP = "onsale-read-models";

    private final String kafka;

    ToldAgain(String kafka) {
        this.kafka = kafka;
    }

    /**
     * Publishes all records with one of the ids again and waits until the read models have consumed them. Returns their
     * number.
     */
    int about(Set<String> ids, Deadline deadline) throws Exception {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (String topic : List.of(Topics.RESERVATION_EVENTS, Topics.COUPON_EVENTS, Topics.WALLET_EVENTS)) {
                consumer.partitionsFor(topic, LIMIT)
                        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, LIMIT);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())
                    && !deadline.isOver()) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        records.removeIf(record -> {
            String fact = new String(record.value(), StandardCharsets.UTF_8);
            return ids.stream().noneMatch(fact::contains);
        });
        Map<TopicPartition, Long> after = send(records);
        awaitConsumed(after, deadline);
        return records.size();
    }

    private Map<TopicPartition, Long> send(List<ConsumerRecord<String, byte[]>> records) throws Exception {
        Map<TopicPartition, Long> after = new HashMap<>();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka),
                new StringSerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ConsumerRecord<String, byte[]> record : records) {
                sent.add(producer.send(new ProducerRecord<>(
                        record.topic(), record.partition(), record.key(), record.value(), record.headers())));
            }
            producer.flush();
            for (Future<RecordMetadata> each : sent) {
                RecordMetadata told = each.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                after.merge(new TopicPartition(told.topic(), told.partition()), told.offset() + 1, Math::max);
            }
        }
        return after;
    }

    private void awaitConsumed(Map<TopicPartition, Long> after, Deadline deadline) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            while (!isConsumed(admin, after)) {
                if (deadline.isOver()) {
                    throw new AssertionError("The repeated records are not consumed: " + after);
                }
                deadline.pause(POLL);
            }
        }
    }

    private static boolean isConsumed(Admin admin, Map<TopicPartition, Long> after) throws Exception {
        var committed = admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        return after.entrySet().stream()
                .allMatch(end -> committed.containsKey(end.getKey())
                        && committed.get(end.getKey()).offset() >= end.getValue());
    }
}
