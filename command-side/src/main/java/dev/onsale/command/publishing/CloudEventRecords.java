package dev.onsale.command.publishing;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.LogicalType;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.Topics;
import dev.onsale.api.reservation.BookingRevoked;
import dev.onsale.api.reservation.PaymentFailed;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.eventlog.EventJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a Kafka record of a fact: CloudEvents in binary mode, so that a consumer needs neither Axon nor Java. The key is the
 * sale.
 */
final class CloudEventRecords implements KafkaMessageConverter<String, byte[]> {

    private final Serializer stored;

    /**
     * @param stored made the bytes that are in the log, and passes them on as they are
     */
    CloudEventRecords(Serializer stored) {
        this.stored = stored;
    }

    @Override
    public ProducerRecord<String, byte[]> createKafkaMessage(EventMessage<?> message, String topic) {
        OnsaleEvent fact = (OnsaleEvent) message.getPayload();
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, fact.saleKey(), value(fact, message));
        LogicalType type = EventCatalogue.typeOf(fact.getClass());
        Headers headers = record.headers();
        put(headers, Topics.HEADER_SPECVERSION, "1.0");
        put(headers, Topics.HEADER_ID, message.getIdentifier());
        put(headers, Topics.HEADER_TYPE, type.value() + ".v" + type.version());
        put(headers, Topics.HEADER_TIME, message.getTimestamp().toString());
        put(headers, "content-type", "application/json");
        if (message instanceof DomainEventMessage<?> domainEvent) {
            put(headers, Topics.HEADER_SOURCE, "/onsale/" + domainEvent.getType());
            put(headers, Topics.HEADER_SUBJECT, domainEvent.getAggregateIdentifier());
            put(headers, Topics.HEADER_SEQUENCE, Long.toString(domainEvent.getSequenceNumber()));
        }
        String outcome = outcome(fact);
        if (outcome != null) {
            put(headers, Topics.HEADER_OUTCOME, outcome);
        }
        return record;
    }

    /** The record of a fact at its place in the log. */
    ProducerRecord<String, byte[]> createKafkaMessage(EventMessage<?> message, String topic, long position) {
        ProducerRecord<String, byte[]> record = createKafkaMessage(message, topic);
        put(record.headers(), Topics.HEADER_POSITION, Long.toString(position));
        return record;
    }

    /** The fact as a record, or the reason why it cannot be one. */
    PendingRecord pending(EventMessage<?> message, String topic, long position) {
        String saleKey = ((OnsaleEvent) message.getPayload()).saleKey();
        try {
            return new PendingRecord(saleKey, position, message, createKafkaMessage(message, topic, position), null);
        } catch (RuntimeException | StackOverflowError failure) {
            return new PendingRecord(saleKey, position, message, null, String.valueOf(failure));
        }
    }

    @Override
    public Optional<EventMessage<?>> readKafkaMessage(ConsumerRecord<String, byte[]> consumerRecord) {
        throw new UnsupportedOperationException("The command side publishes and never consumes");
    }

    /** The stored bytes, as long as they may be told to everybody and are of today's version. */
    private byte[] value(OnsaleEvent fact, EventMessage<?> message) {
        OnsaleEvent told = told(fact);
        if (!told.equals(fact)) {
            return EventJson.mapper().writeValueAsBytes(told);
        }
        SerializedObject<byte[]> bytes = message.serializePayload(stored, byte[].class);
        String version = Integer.toString(EventCatalogue.typeOf(fact.getClass()).version());
        return version.equals(bytes.getType().getRevision())
                ? bytes.getData()
                : EventJson.mapper().writeValueAsBytes(fact);
    }

    /** A token that an old fact has in the clear is for the gateway alone: everybody else gets the method without it. */
    private static OnsaleEvent told(OnsaleEvent fact) {
        return fact instanceof PaymentRequested requested ? requested.told() : fact;
    }

    private static @Nullable String outcome(OnsaleEvent fact) {
        return switch (fact) {
            case ReservationConfirmed confirmed -> "RESERVATION_SUCCESS";
            case PaymentFailed failed -> "RESERVATION_FAILED";
            case ReservationExpired expired -> "RESERVATION_FAILED";
            case ReservationCancelled cancelled -> "RESERVATION_CANCELLED";
            case BookingRevoked revoked -> "RESERVATION_CANCELLED";
            default -> null;
        };
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
