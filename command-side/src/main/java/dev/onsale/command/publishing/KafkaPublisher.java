package dev.onsale.command.publishing;

import dev.onsale.api.OnsaleEvent;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.producer.Producer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
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
    private static final String TRANSACTION = KafkaPublisher.class.getName() + ".transaction";
    private static final String SEGMENT_ID = "Processor[" + GROUP + "]/SegmentId";

    /** Opens a producer whose {@code transactional.id} belongs to one segment, which fences a former owner of the segment. */
    interface ProducerOpener {
        Producer<String, byte[]> open(int segment);
    }

    private final ProducerOpener opener;
    private final KafkaMessageConverter<String, byte[]> records;
    private final TopicResolver topics;
    private final ConcurrentMap<Integer, Producer<String, byte[]>> producers = new ConcurrentHashMap<>();

    KafkaPublisher(ProducerOpener opener, KafkaMessageConverter<String, byte[]> records, TopicResolver topics) {
        this.opener = opener;
        this.records = records;
        this.topics = topics;
    }

    @EventHandler
    void on(OnsaleEvent fact, EventMessage<?> message, UnitOfWork<?> batch) {
        topics.resolve(message).ifPresent(topic -> {
            Producer<String, byte[]> producer = batch.root().getOrComputeResource(TRANSACTION, key -> begin(batch));
            // Committing the transaction waits for every record and fails if one of them did.
            var unused = producer.send(records.createKafkaMessage(message, topic));
        });
    }

    private Producer<String, byte[]> begin(UnitOfWork<?> batch) {
        Object segmentId = batch.root().resources().get(SEGMENT_ID);
        int segment = segmentId instanceof Integer id ? id : 0;
        Producer<String, byte[]> producer = producers.computeIfAbsent(segment, opener::open);
        // A producer that failed once is in no state to trust; the next batch opens a new one, which fences this one.
        batch.root().onRollback(unit -> discard(segment, producer));
        batch.root().onPrepareCommit(unit -> producer.commitTransaction());
        producer.beginTransaction();
        return producer;
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
