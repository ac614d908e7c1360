package dev.onsale.waitingroom.intake;

import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.LogicalType;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.waitingroom.admission.OpenHolds;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.RoomDirectory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows the reservation events and frees the place of a buyer whose last reservation is booked, cancelled or expired.
 * The time of the event keeps a late or repeated one from freeing a newer place.
 */
final class ReservationFollower implements BatchMessageListener<String, byte @Nullable []> {

    private static final Logger log = LoggerFactory.getLogger(ReservationFollower.class);

    private static final String HELD = type(ReservationHeld.class);

    /** Property with the time of the end, by event type. */
    private static final Map<String, String> ENDS = Map.of(
            type(ReservationConfirmed.class), "confirmedAt",
            type(ReservationCancelled.class), "cancelledAt",
            type(ReservationExpired.class), "expiredAt");

    private final OpenHolds holds;
    private final JsonMapper json;
    private final Clock clock;

    /**
     * @param clock clock of the event times
     */
    ReservationFollower(OpenHolds holds, JsonMapper json, Clock clock) {
        this.holds = holds;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public void onMessage(List<ConsumerRecord<String, byte @Nullable []>> records) {
        OrderedBatch.run(records, record -> change(record).map(this::apply).orElse(Mono.empty()));
    }

    /**
     * @param at end of the hold, or when the reservation ended
     */
    private record Change(SaleId sale, BuyerId buyer, ReservationId reservation, boolean held, Instant at) {}

    private Mono<Void> apply(Change change) {
        Duration remaining = Duration.between(clock.instant(), change.at());
        return (change.held()
                        ? holds.held(change.sale(), change.buyer(), change.reservation(), remaining)
                        : holds.ended(change.sale(), change.buyer(), change.reservation(), remaining.negated()))
                .onErrorComplete(RoomDirectory::isNotFound);
    }

    /** Unreadable records are skipped; the place expires later. */
    private Optional<Change> change(ConsumerRecord<String, byte @Nullable []> record) {
        Header header = record.headers().lastHeader(Topics.HEADER_TYPE);
        byte[] value = record.value();
        String type = header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
        boolean held = HELD.equals(type);
        String at = held ? "heldUntil" : ENDS.get(type);
        if (at == null || value == null) {
            return Optional.empty();
        }
        try {
            JsonNode fact = json.readTree(value);
            return Optional.of(new Change(
                    SaleId.of(fact.path("performanceId").asString("")),
                    BuyerId.of(fact.path("buyerId").asString("")),
                    ReservationId.of(fact.path("reservationId").asString("")),
                    held,
                    Instant.parse(fact.path(at).asString(""))));
        } catch (JacksonException | InvalidValueException | DateTimeParseException e) {
            log.warn("Skipped an unreadable event of {} at offset {}", record.topic(), record.offset(), e);
            return Optional.empty();
        }
    }

    private static String type(Class<?> fact) {
        LogicalType type = fact.getAnnotation(LogicalType.class);
        if (type == null) {
            throw new IllegalStateException(fact + " has no logical type");
        }
        return type.value() + ".v" + type.version();
    }
}
