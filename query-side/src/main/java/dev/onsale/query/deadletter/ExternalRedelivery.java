package dev.onsale.query.deadletter;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Gives dead letters back to a neighbour by way of its topic. Taken means: handed over. Should it fail again, it is a new dead
 * letter. Should the row not be settled after Kafka has the record, it may be handed over twice, which neighbours recognise.
 */
final class ExternalRedelivery implements RedeliveryTarget {

    /** What the one who gave the record up has added to it. */
    private static final String ADDED_HEADERS = "kafka_dlt-";

    private final ExternalConsumer neighbour;
    private final KafkaTemplate<String, byte[]> kafka;

    ExternalRedelivery(ExternalConsumer neighbour, KafkaTemplate<String, byte[]> kafka) {
        this.neighbour = neighbour;
        this.kafka = kafka;
    }

    @Override
    public String group() {
        return neighbour.group();
    }

    @Override
    public boolean isInOrder() {
        return false;
    }

    @Override
    public void take(List<ConsumerRecord<String, byte @Nullable []>> records) {
        records.forEach(this::handOver);
    }

    private void handOver(ConsumerRecord<String, byte @Nullable []> record) {
        ProducerRecord<String, byte[]> again = new ProducerRecord<>(neighbour.retries(), record.key(), record.value());
        for (Header header : record.headers()) {
            if (!header.key().startsWith(ADDED_HEADERS)) {
                again.headers().add(header);
            }
        }
        try {
            var unused = kafka.send(again).get(DeadLetterProducers.SEND_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException(neighbour.retries() + " did not take the record", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }

    @Override
    public boolean isAway(Throwable failure) {
        return failure instanceof KafkaException;
    }
}
