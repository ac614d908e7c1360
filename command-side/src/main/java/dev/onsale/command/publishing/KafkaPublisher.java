package dev.onsale.command.publishing;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.eventlog.tail.LogMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.kafka.eventhandling.producer.TopicResolver;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a processor batch as one Kafka transaction, which commits before the batch's token moves. A batch that fails is
 * aborted as a whole and sent again in order, so a consumer (read_committed) sees repeats of whole runs and never a later
 * fact without an earlier one of the same sale. The extension's own publisher waits for each event in turn.
 *
 * <p>A record that Kafka refuses for its own sake is set aside with all that follows it in its sale, in the transaction that
 * moves the token. Other sales go on.
 */
@ProcessingGroup(KafkaPublisher.GROUP)
class KafkaPublisher {

    static final String GROUP = "kafka-publisher";
    private static final Logger log = LoggerFactory.getLogger(KafkaPublisher.class);
    private static final String MESSAGES = KafkaPublisher.class.getName() + ".messages";
    private static final String SEGMENT_ID = "Processor[" + GROUP + "]/SegmentId";

    private final TransactionalSender sender;
    private final StoredEvents events;
    private final CloudEventRecords records;
    private final TopicResolver topics;
    private final HeldSales heldSales;
    private final PublishingProgress progress;

    KafkaPublisher(
            TransactionalSender sender,
            StoredEvents events,
            CloudEventRecords records,
            TopicResolver topics,
            HeldSales heldSales,
            PublishingProgress progress) {
        this.sender = sender;
        this.events = events;
        this.records = records;
        this.topics = topics;
        this.heldSales = heldSales;
        this.progress = progress;
    }

    @EventHandler
    void on(OnsaleEvent fact, EventMessage<?> message, UnitOfWork<?> batch) {
        List<EventMessage<?>> messages = batch.root().getOrComputeResource(MESSAGES, key -> {
            List<EventMessage<?>> fresh = new ArrayList<>();
            batch.root().onPrepareCommit(unit -> publish(fresh, segmentOf(unit)));
            return fresh;
        });
        messages.add(message);
    }

    /** Facts of one sale are published in their order, by one segment. */
    static @Nullable String saleOf(EventMessage<?> message) {
        return message.getPayload() instanceof OnsaleEvent fact ? fact.saleKey() : null;
    }

    private static int segmentOf(UnitOfWork<?> batch) {
        return batch.resources().get(SEGMENT_ID) instanceof Integer id ? id : 0;
    }

    private void publish(List<EventMessage<?>> messages, int segment) {
        progress.began(segment, messages.getFirst().getTimestamp());
        List<PendingRecord> pending = pending(messages);
        Set<String> held = heldSales.lockedKeys();
        Map<PendingRecord, String> refused = new HashMap<>();
        pending.stream()
                .filter(record -> record.problem() != null)
                .forEach(record -> refused.put(record, String.valueOf(record.problem())));
        while (true) {
            Split split = Split.of(pending, held, refused.keySet());
            try {
                if (!split.free().isEmpty()) {
                    sender.send(segment, split.free());
                }
                setAside(split, held, refused);
                progress.done(segment);
                return;
            } catch (RecordRefusedException refusal) {
                refused.put(refusal.refused(), String.valueOf(refusal.getMessage()));
            }
        }
    }

    private List<PendingRecord> pending(List<EventMessage<?>> messages) {
        Map<String, Long> positions = events.positionsOf(messages.stream()
                .filter(message -> !(message instanceof LogMessage<?>))
                .map(EventMessage::getIdentifier)
                .toList());
        List<PendingRecord> pending = new ArrayList<>(messages.size());
        for (EventMessage<?> message : messages) {
            Long position = message instanceof LogMessage<?> entry
                    ? (Long) entry.logPosition()
                    : positions.get(message.getIdentifier());
            if (position == null) {
                throw new IllegalStateException("Event " + message.getIdentifier() + " is no longer in the store");
            }
            topics.resolve(message).ifPresent(topic -> pending.add(records.pending(message, topic, position)));
        }
        return pending;
    }

    private void setAside(Split split, Set<String> heldBefore, Map<PendingRecord, String> refused) {
        Set<String> held = new HashSet<>(heldBefore);
        for (PendingRecord record : split.held()) {
            if (held.add(record.saleKey())) {
                String reason = refused.getOrDefault(record, "");
                log.error(
                        "Sale {} is no longer published from position {} on: {}",
                        record.saleKey(),
                        record.position(),
                        reason);
                heldSales.begin(record, reason);
            }
            heldSales.add(record);
        }
    }

    /** A batch in two parts, both in the order of the log. */
    private record Split(List<PendingRecord> free, List<PendingRecord> held) {

        static Split of(List<PendingRecord> pending, Set<String> heldBefore, Set<PendingRecord> refused) {
            Set<String> heldNow = new HashSet<>(heldBefore);
            Split split = new Split(new ArrayList<>(pending.size()), new ArrayList<>());
            for (PendingRecord record : pending) {
                if (refused.contains(record)) {
                    heldNow.add(record.saleKey());
                }
                (heldNow.contains(record.saleKey()) ? split.held() : split.free()).add(record);
            }
            return split;
        }
    }
}
