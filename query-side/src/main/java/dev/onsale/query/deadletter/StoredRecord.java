package dev.onsale.query.deadletter;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A row: what has become of a record, and the record as it was. */
record StoredRecord(long id, DeadLetterState state, String group, ConsumerRecord<String, byte @Nullable []> toConsume) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record StoredHeader(String name, @Nullable String value) {}

    static String json(Headers headers) {
        List<StoredHeader> stored = new ArrayList<>();
        for (Header header : headers) {
            byte[] value = header.value();
            stored.add(new StoredHeader(
                    header.key(), value == null ? null : Base64.getEncoder().encodeToString(value)));
        }
        return JSON.writeValueAsString(stored);
    }

    static Headers headers(String json) {
        RecordHeaders headers = new RecordHeaders();
        for (StoredHeader stored : JSON.readValue(json, StoredHeader[].class)) {
            String value = stored.value();
            headers.add(
                    stored.name(), value == null ? null : Base64.getDecoder().decode(value));
        }
        return headers;
    }

    static ConsumerRecord<String, byte @Nullable []> record(
            String topic,
            int partition,
            long offset,
            long timestamp,
            @Nullable String key,
            String headers,
            byte @Nullable [] payload) {
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                payload == null ? ConsumerRecord.NULL_SIZE : payload.length,
                key,
                payload,
                headers(headers),
                Optional.empty());
    }

    /** Those that are taken in order with this one; {@code null} if it has no key. */
    @Nullable
    ParkedKey parkedKey() {
        String key = toConsume.key();
        return key == null ? null : new ParkedKey(group, toConsume.topic(), key);
    }
}
