package dev.onsale.rehearsal.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.Topics;
import dev.onsale.rehearsal.running.AuditLog.Event;
import dev.onsale.rehearsal.running.Onsale;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads events from Kafka like a consumer that knows neither Axon nor Onsale's classes. */
final class KafkaFacts {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private KafkaFacts() {}

    private record Fact(
            long position,
            String id,
            String source,
            String subject,
            long sequence,
            String type,
            String specVersion,
            String contentType,
            JsonNode payload) {}

    /** Asserts that every event is published at least once under the sale's key, in log order. */
    static void requireSame(Onsale onsale, List<Event> events) {
        assertThat(events).isNotEmpty();
        List<Fact> expected = events.stream()
                .map(event -> new Fact(
                        event.position(),
                        event.id(),
                        "/onsale/" + event.aggregateType(),
                        event.aggregate(),
                        event.sequence(),
                        inTodaysVersion(event.type()),
                        "1.0",
                        "application/json",
                        event.payload()))
                .toList();
        String sale = saleOf(events);
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(onsale)) {
            await("%d facts of %s in Kafka".formatted(events.size(), sale))
                    .atMost(LIMIT)
                    .pollInSameThread()
                    .untilAsserted(() -> {
                        consumer.poll(POLL).forEach(records::add);
                        assertThat(onceInOrder(records, sale)).isEqualTo(expected);
                    });
        }
    }

    private static String inTodaysVersion(String type) {
        return type + ".v"
                + EventCatalogue.typeOf(Objects.requireNonNull(EventCatalogue.classOf(type)))
                        .version();
    }

    /** Removes repeated records by their event id. */
    private static List<Fact> onceInOrder(List<ConsumerRecord<String, String>> records, String sale) {
        Set<String> seen = new HashSet<>();
        return records.stream()
                .filter(record -> sale.equals(record.key()))
                .map(KafkaFacts::fact)
                .filter(fact -> seen.add(fact.id()))
                .toList();
    }

    private static String saleOf(List<Event> events) {
        JsonNode first = events.getFirst().payload();
        return first.path("performanceId").asString(first.path("campaignId").asString(""));
    }

    private static Fact fact(ConsumerRecord<String, String> record) {
        return new Fact(
                Long.parseLong(header(record, Topics.HEADER_POSITION)),
                header(record, Topics.HEADER_ID),
                header(record, Topics.HEADER_SOURCE),
                header(record, Topics.HEADER_SUBJECT),
                Long.parseLong(header(record, Topics.HEADER_SEQUENCE)),
                header(record, Topics.HEADER_TYPE),
                header(record, Topics.HEADER_SPECVERSION),
                header(record, "content-type"),
                JSON.readTree(record.value()));
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static KafkaConsumer<String, String> consumer(Onsale onsale) {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        onsale.kafka(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
        List<TopicPartition> partitions = Onsale.topics().stream()
                .flatMap(topic -> consumer.partitionsFor(topic, LIMIT).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .collect(Collectors.toList());
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }
}
