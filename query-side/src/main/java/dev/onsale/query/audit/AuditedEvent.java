package dev.onsale.query.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.onsale.eventlog.StoredEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * One event as it is stored.
 *
 * @param payload the stored JSON, unread
 */
record AuditedEvent(
        long position,
        String eventId,
        String aggregateType,
        String aggregateId,
        long sequence,
        String type,
        int version,
        Instant occurredAt,
        @Schema(type = "object") @JsonRawValue String payload) {

    static AuditedEvent of(StoredEvent stored) {
        return new AuditedEvent(
                stored.position(),
                stored.eventId(),
                stored.aggregateType(),
                stored.aggregateId(),
                stored.sequence(),
                stored.type(),
                stored.version(),
                stored.occurredAt(),
                stored.payloadJson());
    }
}
