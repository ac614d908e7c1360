package dev.onsale.query.consistency;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.LogicalType;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.Topics;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.proof.sealing.SaleIndex;
import dev.onsale.query.rebuild.Differences;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Holds what is told of one sale against its chain: every sealed fact once or more, in order, and nothing else. Both sides grow by
 * positions, so one pass with one page of each is enough.
 */
final class PublishedSaleComparison {

    private static final int POSITIONS_AT_ONCE = 1_000;
    private static final int CONTENTS_AT_ONCE = 500;
    private static final int BEHIND_MAX = 100_000;

    private final String saleKey;
    private final SaleIndex index;
    private final StoredEvents events;
    private final Deque<Long> expected = new ArrayDeque<>();
    private final Map<Long, ConsumerRecord<String, byte @Nullable []>> unchecked = new TreeMap<>();
    private final Differences differences = new Differences();
    private long loadedTo;
    private long reached;
    private boolean beginsLate;

    PublishedSaleComparison(String saleKey, SaleIndex index, StoredEvents events) {
        this.saleKey = saleKey;
        this.index = index;
        this.events = events;
    }

    /** Kafka does not keep everything: the first record that is left may be any of the sale. */
    void mayBeginLate() {
        beginsLate = true;
    }

    /**
     * Takes the next record.
     *
     * @return whether it could be; not if the log is not sealed up to it
     */
    boolean take(ConsumerRecord<String, byte @Nullable []> record, long sealedTo) {
        long position = position(record);
        if (position > sealedTo) {
            return false;
        }
        if (position <= reached) {
            // A batch that was sent again: consumers skip it by its position.
            return true;
        }
        boolean isFirst = reached == 0;
        reached = position;
        for (Long next = next(); next != null && next <= position; next = next()) {
            expected.remove();
            if (next == position) {
                unchecked.put(position, record);
                if (unchecked.size() >= CONTENTS_AT_ONCE) {
                    checkContents();
                }
                return true;
            }
            if (!isFirst || !beginsLate) {
                differences.add("the fact at " + next + " was never told, though later ones were");
            }
        }
        differences.add("a record at offset " + record.offset() + " of partition " + record.partition()
                + " tells a fact at " + position + " that the sale does not have");
        return true;
    }

    /** The next position of the sale that was not told yet. */
    private @Nullable Long next() {
        if (expected.isEmpty()) {
            expected.addAll(index.positions(saleKey, loadedTo, POSITIONS_AT_ONCE));
            if (!expected.isEmpty()) {
                loadedTo = expected.getLast();
            }
        }
        return expected.peek();
    }

    private static long position(ConsumerRecord<?, ?> record) {
        try {
            return Long.parseLong(header(record, Topics.HEADER_POSITION));
        } catch (NumberFormatException none) {
            // Consumers put it aside as a dead letter.
            return 0;
        }
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    void checkContents() {
        for (StoredEvent event : events.at(unchecked.keySet())) {
            ConsumerRecord<String, byte @Nullable []> record = unchecked.get(event.position());
            if (record != null && !isOf(record, event)) {
                differences.add(
                        "the record of the fact at " + event.position() + " says something else than the store");
            }
        }
        unchecked.clear();
    }

    private static boolean isOf(ConsumerRecord<String, byte @Nullable []> record, StoredEvent event) {
        Class<? extends OnsaleEvent> type = EventCatalogue.classOf(event.type());
        byte[] value = record.value();
        if (!header(record, Topics.HEADER_ID).equals(event.eventId()) || value == null) {
            return false;
        }
        if (type == null) {
            return true;
        }
        LogicalType logical = EventCatalogue.typeOf(type);
        if (logical.version() != event.version()) {
            // It is told in its newest version.
            return true;
        }
        try {
            OnsaleEvent told = EventJson.mapper().readValue(value, type);
            OnsaleEvent stored = EventJson.mapper().readValue(event.payloadJson(), type);
            return told.equals(stored) || told.equals(asTold(stored));
        } catch (JacksonException unreadable) {
            return false;
        }
    }

    /** A token that an old fact has in the clear is not told to everybody. */
    private static OnsaleEvent asTold(OnsaleEvent stored) {
        return stored instanceof PaymentRequested requested ? requested.told() : stored;
    }

    /**
     * @param isRead whether Kafka has nothing more of what is sealed
     */
    Consistency.Part part(boolean isRead) {
        long behind = expected.size();
        for (long after = loadedTo; behind < BEHIND_MAX; ) {
            List<Long> page = index.positions(saleKey, after, POSITIONS_AT_ONCE);
            if (page.isEmpty()) {
                break;
            }
            behind += page.size();
            after = page.getLast();
        }
        return new Consistency.Part(
                "kafka",
                differences.count(),
                behind,
                differences.first(),
                isRead ? null : "There is more to read than could be read at once: look again");
    }
}
