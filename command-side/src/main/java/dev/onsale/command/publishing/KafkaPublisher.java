package dev.onsale.command.publishing;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.StoredEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.producer.Producer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.kafka.eventhandling.producer.TopicResolver;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * Publishes a processor batch as one Kafka transaction, which commits before the batch's token moves. A batch that fails is
 * aborted as a whole and sent again in order, so a consumer (read_committed) sees repeats of whole runs and never a later
 * fact without an earlier one of the same sale. The extension's own publisher waits for each event in turn.
 */
@ProcessingGroup(KafkaPublisher.GROUP)
class KafkaPublisher implements DisposableBean {

    static final String GROUP = "kafka-publisher";
    private static final Logger log = LoggerFactory.getLogger(KafkaPublisher.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final String MESSAGES = KafkaPublisher.class.getName() + ".messages";
    private static final String SEGMENT_ID = "Processor[" + GROUP + "]/SegmentId";

    /** Opens a producer whose {@code transactional.id} belongs to one segment, which fences a former owner of the segment. */
    interface ProducerOpener {
        Producer<String, byte[]> open(int segment);
    }

    private final ProducerOpener opener;
    private final StoredEvents events;
    private final CloudEventRecords records;
    private final TopicResolver topics;
    private final ConcurrentMap<Integer, Producer<String, byte[]>> producers = new ConcurrentHashMap<>();

    KafkaPublisher(ProducerOpener opener, StoredEvents events, CloudEventRecords records, TopicResolver topics) {
        this.opener = opener;
        this.events = events;
        this.records = records;
        this.topics = topics;
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

    private static int segmentOf(UnitOfWork<?> batch) {
        return batch.resources().get(SEGMENT_ID) instanceof Integer id ? id : 0;
    }

    private void publish(List<EventMessage<?>> messages, int segment) {
        Map<String, Long> positions = events.positionsOf(
                messages.stream().map(EventMessage::getIdentifier).toList());
        Producer<String, byte[]> producer = producers.computeIfAbsent(segment, opener::open);
        try {
            producer.beginTransaction();
            for (EventMessage<?> message : messages) {
                Long position = positions.get(message.getIdentifier());
                if (position == null) {
                    throw new IllegalStateException("Event " + message.getIdentifier() + " is no longer in the store");
                }
                topics.resolve(message).ifPresent(topic -> {
                    // Committing the transaction waits for every record and fails if one of them did.
                    var unused = producer.send(records.createKafkaMessage(message, topic, position));
                });
            }
            producer.commitTransaction();
        } catch (RuntimeException failure) {
            // A producer that failed once is in no state to trust; the next batch opens a new one, which fences this
            // one.
            discard(segment, producer);
            throw failure;
        }
    }

    private void discard(int segment, Producer<String, byte[]> producer) {
        producers.remove(segment, producer);
        try {
            // Closing without a commit aborts what is open.
            producer.close(CLOSE_PATIENCE);
        } catch (RuntimeException e) {
            log.debug("A failed producer did not close cleanly", e);
        }
    }

    @Override
    public void destroy() {
        producers.values().forEach(producer -> producer.close(CLOSE_PATIENCE));
    }
}
