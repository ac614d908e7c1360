package dev.onsale.waitingroom;

import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.LogicalType;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Topics;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationExpired;
import java.nio.charset.StandardCharsets;
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
 * Frees the place of who has booked, cancelled, or let the hold end: the next one need not wait for it to expire. Follows
 * the facts on Kafka, so it works across processes; the instant of the fact keeps a late or repeated one from ending a place
 * that was given after it.
 */
final class WhenReservationEndsThenLeave implements BatchMessageListener<String, byte @Nullable []> {

    private static final Logger log = LoggerFactory.getLogger(WhenReservationEndsThenLeave.class);

    /** Name of the instant in each of the facts, by their logical type. */
    private static final Map<String, String> ENDS = Map.of(
            type(ReservationConfirmed.class), "confirmedAt",
            type(ReservationCancelled.class), "cancelledAt",
            type(ReservationExpired.class), "expiredAt");

    private final Visitors visitors;
    private final JsonMapper json;

    WhenReservationEndsThenLeave(Visitors visitors, JsonMapper json) {
        this.visitors = visitors;
        this.json = json;
    }

    @Override
    public void onMessage(List<ConsumerRecord<String, byte @Nullable []>> records) {
        BatchInOrder.run(records, record -> ended(record).map(this::leave).orElse(Mono.empty()));
    }

    private record Ended(SaleId sale, BuyerId buyer, Instant at) {}

    private Mono<Void> leave(Ended ended) {
        return visitors.leave(ended.sale(), ended.buyer(), "COMPLETED", ended.at())
                .onErrorResume(
                        RefusedException.class,
                        // Most sales have no room.
                        refused -> refused.code() == RefusalCode.WAITING_ROOM_NOT_FOUND
                                ? Mono.empty()
                                : Mono.error(refused));
    }

    /** Of a record that cannot be read nothing is known; the place that it may be about expires by itself. */
    private Optional<Ended> ended(ConsumerRecord<String, byte @Nullable []> record) {
        Header type = record.headers().lastHeader(Topics.HEADER_TYPE);
        byte[] value = record.value();
        String at = type == null ? null : ENDS.get(new String(type.value(), StandardCharsets.UTF_8));
        if (at == null || value == null) {
            return Optional.empty();
        }
        try {
            JsonNode fact = json.readTree(value);
            return Optional.of(new Ended(
                    SaleId.of(fact.path("performanceId").asString("")),
                    BuyerId.of(fact.path("buyerId").asString("")),
                    Instant.parse(fact.path(at).asString(""))));
        } catch (JacksonException | InvalidValueException | DateTimeParseException e) {
            log.warn("A fact of {} at {} cannot be read", record.topic(), record.offset(), e);
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
