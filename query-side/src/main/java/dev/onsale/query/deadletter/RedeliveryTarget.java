package dev.onsale.query.deadletter;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** One group of consumers, as seen by who gives it its dead letters again. */
public interface RedeliveryTarget {

    /** Name of the group. */
    String group();

    /** Whether records of a key are taken in their order; if not, each by itself. */
    default boolean isInOrder() {
        return true;
    }

    /**
     * Takes records in their order, in the transaction that is under way. When it throws, that transaction is to be rolled back.
     */
    void take(List<ConsumerRecord<String, byte @Nullable []>> records);

    /** Whether a failure is no fault of the record: it would have met any. */
    boolean isAway(Throwable failure);
}
