package dev.onsale.command.publishing;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;

/**
 * A fact on its way to Kafka. Equal if the position is.
 *
 * @param record absent if the fact cannot be written as a record
 * @param problem why it cannot; absent with a record
 */
record PendingRecord(
        String saleKey,
        long position,
        EventMessage<?> message,
        @Nullable ProducerRecord<String, byte[]> record,
        @Nullable String problem) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PendingRecord pending && pending.position == position;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(position);
    }
}
