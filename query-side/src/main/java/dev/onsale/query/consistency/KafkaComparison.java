package dev.onsale.query.consistency;

import dev.onsale.eventlog.StoredEvents;
import dev.onsale.platform.kafka.KafkaClients;
import dev.onsale.proof.sealing.SaleIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads what Kafka tells of a sale, from where it stopped the last time, and compares it with the sale's chain. */
@Component
class KafkaComparison {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int RECORDS_AT_ONCE = 1_000;
    private static final int SALES_MAX = 100;

    /** Clocks of database, publisher and broker need not agree. */
    private static final Duration BEFORE_THE_FIRST_FACT = Duration.ofMinutes(10);

    private final SaleIndex index;
    private final StoredEvents events;
    private final Map<String, Object> consumer;
    private final Map<String, Followed> followed = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Followed> eldest) {
            return size() > SALES_MAX;
        }
    };

    KafkaComparison(SaleIndex index, DataSource dataSource, KafkaProperties properties, KafkaConnectionDetails kafka) {
        this.index = index;
        this.events = new StoredEvents(JdbcClient.create(dataSource));
        this.consumer = new KafkaClients(properties, kafka).consumerProperties(RECORDS_AT_ONCE);
        // It belongs to no group: nobody's offsets move.
        consumer.remove(ConsumerConfig.GROUP_ID_CONFIG);
    }

    /** Reads a sale again from its beginning the next time. */
    void forget(String saleKey) {
        synchronized (followed) {
            followed.remove(saleKey);
        }
    }

    /**
     * @param since when the sale's first fact was written
     * @param atMost how long to read; what is left comes the next time
     */
    Consistency.Part compare(String saleKey, String topic, Instant since, Duration atMost) {
        Followed sale;
        synchronized (followed) {
            sale = followed.computeIfAbsent(
                    saleKey, key -> new Followed(new PublishedSaleComparison(key, index, events)));
        }
        synchronized (sale) {
            boolean isRead = read(sale, saleKey, topic, since, System.nanoTime() + atMost.toNanos());
            return sale.told.part(isRead);
        }
    }

    private boolean read(Followed sale, String saleKey, String topic, Instant since, long deadline) {
        long sealedTo = index.sealedTo();
        try (Consumer<String, byte @Nullable []> records =
                new KafkaConsumer<>(consumer, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = records.partitionsFor(topic, PATIENCE).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            records.assign(partitions);
            Map<TopicPartition, Long> ends = records.endOffsets(partitions, PATIENCE);
            seek(records, sale, partitions, ends, since);
            while (isLeft(records, ends, partitions) && System.nanoTime() < deadline) {
                Map<TopicPartition, Long> stoppedAt = new HashMap<>();
                for (ConsumerRecord<String, byte @Nullable []> record : records.poll(POLL)) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    if (!stoppedAt.containsKey(partition)
                            && saleKey.equals(record.key())
                            && !sale.told.take(record, sealedTo)) {
                        stoppedAt.put(partition, record.offset());
                    }
                }
                stoppedAt.forEach((partition, offset) -> {
                    // What is not sealed yet is compared the next time.
                    records.seek(partition, offset);
                    ends.put(partition, offset);
                });
                records.pause(stoppedAt.keySet());
            }
            sale.told.checkContents();
            partitions.forEach(partition -> sale.offsets.put(partition, records.position(partition, PATIENCE)));
            return !isLeft(records, ends, partitions);
        }
    }

    private static boolean isLeft(
            Consumer<?, ?> records, Map<TopicPartition, Long> ends, Collection<TopicPartition> partitions) {
        return partitions.stream()
                .anyMatch(partition -> records.position(partition, PATIENCE) < ends.getOrDefault(partition, 0L));
    }

    private static void seek(
            Consumer<?, ?> records,
            Followed sale,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> ends,
            Instant since) {
        List<TopicPartition> fresh = partitions.stream()
                .filter(partition -> !sale.offsets.containsKey(partition))
                .toList();
        Map<TopicPartition, Long> times = new HashMap<>();
        fresh.forEach(partition ->
                times.put(partition, since.minus(BEFORE_THE_FIRST_FACT).toEpochMilli()));
        Map<TopicPartition, Long> kept = records.beginningOffsets(partitions, PATIENCE);
        records.offsetsForTimes(times, PATIENCE).forEach((partition, at) -> {
            sale.offsets.put(partition, at == null ? ends.getOrDefault(partition, 0L) : at.offset());
            if (kept.getOrDefault(partition, 0L) > 0) {
                sale.told.mayBeginLate();
            }
        });
        partitions.forEach(partition -> records.seek(
                partition, Math.max(sale.offsets.getOrDefault(partition, 0L), kept.getOrDefault(partition, 0L))));
    }

    /** How far a sale has been read. */
    private static final class Followed {

        private final PublishedSaleComparison told;
        private final Map<TopicPartition, Long> offsets = new HashMap<>();

        Followed(PublishedSaleComparison told) {
            this.told = told;
        }
    }
}
