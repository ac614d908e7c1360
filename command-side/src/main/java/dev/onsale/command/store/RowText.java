package dev.onsale.command.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.axonframework.common.DateTimeUtils;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Facts as the rows of an {@code INSERT}, written as text by the thread that decided them. The one flusher then only joins texts:
 * a prepared statement would make it bind, measure and escape each of a group's columns, and everybody waits for the flusher.
 *
 * <p>A text that is not made of harmless characters alone goes in as hexadecimal digits, so nothing that a buyer or a seating plan
 * brings along is ever read as SQL, whatever the server's mode.
 */
final class RowText {

    static final String INSERT =
            "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type,"
                    + " time_stamp, payload_type, payload_revision, payload, meta_data) VALUES ";

    private static final int BYTES_BESIDE_PAYLOAD = 400;
    private static final HexFormat HEX = HexFormat.of();

    private RowText() {}

    /** The rows, separated by commas, or {@code null} if one of the messages belongs to no aggregate. */
    static @Nullable String of(List<? extends EventMessage<?>> events, Serializer serializer) {
        return of(events, serializer, new ArrayList<>(events.size()));
    }

    /**
     * As {@link #of(List, Serializer)}.
     *
     * @param entries gets the same rows as they will be stored
     */
    static @Nullable String of(
            List<? extends EventMessage<?>> events,
            Serializer serializer,
            List<GenericDomainEventEntry<byte[]>> entries) {
        StringBuilder text = new StringBuilder(events.size() * 2 * BYTES_BESIDE_PAYLOAD);
        for (EventMessage<?> event : events) {
            if (!(event instanceof DomainEventMessage<?> fact)) {
                return null;
            }
            if (!text.isEmpty()) {
                text.append(',');
            }
            entries.add(row(text, fact, serializer));
        }
        return text.toString();
    }

    private static GenericDomainEventEntry<byte[]> row(
            StringBuilder text, DomainEventMessage<?> fact, Serializer serializer) {
        SerializedObject<byte[]> payload = fact.serializePayload(serializer, byte[].class);
        SerializedObject<byte[]> metaData = fact.serializeMetaData(serializer, byte[].class);
        text.append('(');
        string(text, fact.getIdentifier());
        text.append(',');
        string(text, fact.getAggregateIdentifier());
        text.append(',').append(fact.getSequenceNumber()).append(',');
        string(text, fact.getType());
        text.append(',');
        String timestamp = DateTimeUtils.formatInstant(fact.getTimestamp());
        string(text, timestamp);
        text.append(',');
        string(text, payload.getType().getName());
        text.append(',');
        string(text, payload.getType().getRevision());
        text.append(',');
        bytes(text, payload.getData());
        text.append(',');
        bytes(text, metaData.getData());
        text.append(')');
        return new GenericDomainEventEntry<>(
                fact.getType(),
                fact.getAggregateIdentifier(),
                fact.getSequenceNumber(),
                fact.getIdentifier(),
                timestamp,
                payload.getType().getName(),
                payload.getType().getRevision(),
                payload.getData(),
                metaData.getData());
    }

    private static void string(StringBuilder text, @Nullable String value) {
        if (value == null) {
            text.append("NULL");
        } else if (isHarmless(value)) {
            text.append('\'').append(value).append('\'');
        } else {
            text.append("_utf8mb4 ");
            bytes(text, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static boolean isHarmless(String value) {
        for (int index = 0; index < value.length(); index++) {
            char c = value.charAt(index);
            boolean harmless = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == ':'
                    || c == '-'
                    || c == '.';
            if (!harmless) {
                return false;
            }
        }
        return true;
    }

    private static void bytes(StringBuilder text, byte[] value) {
        text.append("x'");
        HEX.formatHex(text, value);
        text.append('\'');
    }
}
