package dev.onsale.query;

import dev.onsale.api.AllowanceId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.LogicalType;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.Topics;
import dev.onsale.api.allowance.AllowanceEvent;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.testsupport.TestServices;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.support.KafkaHeaders;

/** Tells facts to Kafka as the publisher does: numbers them, and sets the headers of the contract. */
final class Teller implements AutoCloseable {

    private static final Set<String> TOPICS = Set.of(Topics.RESERVATION_EVENTS, Topics.COUPON_EVENTS);
    private static final Set<String> OF_NEIGHBOURS = Set.of(
            Topics.NOTIFICATION_DEAD_LETTERS,
            Topics.NOTIFICATION_RETRIES,
            Topics.WAITING_ROOM_JOINS,
            Topics.WAITING_ROOM_JOIN_DEAD_LETTERS);
    private static final int PARTITIONS = 3;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int RECORD_BYTES_MAX = 32 * 1024 * 1024;

    private final Map<String, Long> nextSequence = new HashMap<>();
    private final String bootstrapServers = TestServices.shared().kafkaBootstrapServers();
    private final Producer<String, byte[]> producer = new KafkaProducer<>(
            Map.of(
                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    bootstrapServers,
                    ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                    RECORD_BYTES_MAX),
            new StringSerializer(),
            new ByteArraySerializer());
    private long position;

    Teller() throws Exception {
        try (Admin admin = admin()) {
            Set<String> present = admin.listTopics().names().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            List<NewTopic> missing = Stream.concat(TOPICS.stream(), OF_NEIGHBOURS.stream())
                    .filter(topic -> !present.contains(topic))
                    .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1)
                            .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(RECORD_BYTES_MAX))))
                    .toList();
            admin.createTopics(missing).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Tells a new fact and returns the record for repeats. */
    synchronized ProducerRecord<String, byte[]> tell(OnsaleEvent event) {
        String aggregate = aggregateOf(event);
        long sequence = nextSequence.merge(aggregate, 0L, (before, none) -> before + 1);
        return send(record(event, aggregate, ++position, sequence));
    }

    /** As a fact that never arrived: it takes its numbers and is not sent. */
    synchronized ProducerRecord<String, byte[]> keepBack(OnsaleEvent event) {
        String aggregate = aggregateOf(event);
        long sequence = nextSequence.merge(aggregate, 0L, (before, none) -> before + 1);
        return record(event, aggregate, ++position, sequence);
    }

    /** Tells new facts without waiting for each in turn. */
    synchronized void tellAll(List<? extends OnsaleEvent> events) {
        List<java.util.concurrent.Future<?>> sent = new ArrayList<>();
        events.forEach(event -> sent.add(producer.send(keepBack(event))));
        try {
            for (java.util.concurrent.Future<?> one : sent) {
                one.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new IllegalStateException("Kafka did not take the records", e);
        }
    }

    ProducerRecord<String, byte[]> send(ProducerRecord<String, byte[]> record) {
        try {
            // A record object is sent once; a repeat is an equal one.
            producer.send(new ProducerRecord<>(record.topic(), null, record.key(), record.value(), record.headers()))
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return record;
        } catch (Exception e) {
            throw new IllegalStateException("Kafka did not take the record", e);
        }
    }

    static long positionOf(ProducerRecord<String, byte[]> record) {
        return Long.parseLong(
                new String(record.headers().lastHeader(Topics.HEADER_POSITION).value(), StandardCharsets.UTF_8));
    }

    /** Records of its topics that a group has not committed. */
    long lag(String group) throws Exception {
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            for (String topic : group.equals(QuerySideTest.STATISTICS) ? Set.of(Topics.RESERVATION_EVENTS) : TOPICS) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
                }
            }
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            long lag = 0;
            for (var end : admin.listOffsets(latest)
                    .all()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .entrySet()) {
                OffsetAndMetadata offset = committed.get(end.getKey());
                lag += end.getValue().offset() - (offset == null ? 0 : offset.offset());
            }
            return lag;
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    private static ProducerRecord<String, byte[]> record(
            OnsaleEvent event, String aggregate, long position, long sequence) {
        LogicalType type = EventCatalogue.typeOf(event.getClass());
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                event instanceof CouponEvent ? Topics.COUPON_EVENTS : Topics.RESERVATION_EVENTS,
                event.saleKey(),
                EventJson.mapper().writeValueAsBytes(event));
        header(record, Topics.HEADER_TYPE, type.value() + ".v" + type.version());
        header(record, Topics.HEADER_ID, UUID.randomUUID().toString());
        header(record, Topics.HEADER_SUBJECT, aggregate);
        header(record, Topics.HEADER_SEQUENCE, Long.toString(sequence));
        header(record, Topics.HEADER_POSITION, Long.toString(position));
        return record;
    }

    static void header(ProducerRecord<String, byte[]> record, String name, String value) {
        record.headers().remove(name);
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    static String aggregateOf(OnsaleEvent event) {
        return switch (event) {
            case PerformanceEvent performance -> performance.performanceId().toString();
            case SeatEvent seat -> seat.seatId().toString();
            case ReservationEvent reservation -> reservation.reservationId().toString();
            case AllowanceEvent allowance -> new AllowanceId(allowance.performanceId(), allowance.buyerId()).toString();
            case CouponEvent coupon -> coupon.campaignId().toString();
            case PaymentEvent payment -> payment.paymentId().toString();
            default -> throw new IllegalArgumentException("Of no family: " + event);
        };
    }

    /** Every dead letter of the read models, of a topic, that has the key. */
    List<ConsumerRecord<String, byte[]>> deadLetters(String topic, String key) {
        return records(topic + ".DLT", key).stream()
                .filter(letter -> QuerySideTest.GROUP.equals(groupOf(letter)))
                .toList();
    }

    /** Every record of a topic that has the key. */
    List<ConsumerRecord<String, byte[]>> records(String topic, String key) {
        Map<String, Object> properties = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                10_000);
        try (Consumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, LIMIT).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, LIMIT);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey(), LIMIT) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records.stream().filter(record -> key.equals(record.key())).toList();
        }
    }

    private static String groupOf(ConsumerRecord<String, byte[]> letter) {
        return new String(
                letter.headers()
                        .lastHeader(KafkaHeaders.DLT_ORIGINAL_CONSUMER_GROUP)
                        .value(),
                StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close(LIMIT);
    }
}
