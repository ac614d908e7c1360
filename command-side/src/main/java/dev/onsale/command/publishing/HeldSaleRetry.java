package dev.onsale.command.publishing;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.extensions.kafka.eventhandling.producer.TopicResolver;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Publishes the facts of a held sale in order. Each page is published before its rows are removed: a crash in between
 * publishes the page once more and loses nothing. The row of the sale is locked meanwhile, so the publisher neither adds facts
 * unseen nor passes them.
 */
final class HeldSaleRetry {

    private static final int PAGE_SIZE = 500;

    /** Of the producer; the publisher's own segments count from 0. */
    private static final int SEGMENT = 1_000_000;

    private final HeldSales heldSales;
    private final EventStore store;
    private final CloudEventRecords records;
    private final TopicResolver topics;
    private final TransactionalSender sender;
    private final TransactionTemplate transaction;

    HeldSaleRetry(
            HeldSales heldSales,
            EventStore store,
            CloudEventRecords records,
            TopicResolver topics,
            TransactionalSender sender,
            PlatformTransactionManager transactions) {
        this.heldSales = heldSales;
        this.store = store;
        this.records = records;
        this.topics = topics;
        this.sender = sender;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** One at a time, because all retries share a producer. */
    synchronized void retry(String saleKey) {
        boolean more = true;
        while (more) {
            more = Boolean.TRUE.equals(transaction.execute(status -> publishPage(saleKey)));
        }
    }

    /** Drops the first held event, then publishes those after it. */
    synchronized boolean dropFirst(String saleKey, long position, String operator, String reason) {
        boolean dropped = Boolean.TRUE.equals(transaction.execute(
                status -> heldSales.lock(saleKey) && heldSales.drop(saleKey, position, operator, reason)));
        if (dropped) {
            retry(saleKey);
        }
        return dropped;
    }

    private boolean publishPage(String saleKey) {
        if (!heldSales.lock(saleKey)) {
            return false;
        }
        List<PendingRecord> page = new ArrayList<>();
        for (HeldSales.HeldFact fact : heldSales.first(saleKey, PAGE_SIZE)) {
            page.add(pending(fact));
        }
        Optional<PendingRecord> refused = page.isEmpty() ? Optional.empty() : publish(page);
        List<PendingRecord> published =
                refused.map(record -> page.subList(0, page.indexOf(record))).orElse(page);
        heldSales.removeUpTo(
                saleKey, published.isEmpty() ? -1 : published.getLast().position());
        return refused.isEmpty() && !page.isEmpty();
    }

    /** The first record that was refused. All before it are published. */
    private Optional<PendingRecord> publish(List<PendingRecord> page) {
        List<PendingRecord> rest = page;
        Optional<PendingRecord> refused = Optional.empty();
        Optional<PendingRecord> unwritable =
                page.stream().filter(record -> record.problem() != null).findFirst();
        if (unwritable.isPresent()) {
            refused = unwritable;
            heldSales.begin(unwritable.get(), String.valueOf(unwritable.get().problem()));
            rest = page.subList(0, page.indexOf(unwritable.get()));
        }
        while (!rest.isEmpty()) {
            try {
                sender.send(SEGMENT, rest);
                return refused;
            } catch (RecordRefusedException refusal) {
                refused = Optional.of(refusal.refused());
                heldSales.begin(refusal.refused(), String.valueOf(refusal.getMessage()));
                rest = rest.subList(0, rest.indexOf(refusal.refused()));
            }
        }
        return refused;
    }

    private PendingRecord pending(HeldSales.HeldFact fact) {
        DomainEventMessage<?> message =
                store.readEvents(fact.aggregateId(), fact.sequence()).next();
        return records.pending(
                Objects.requireNonNull(message), topics.resolve(message).orElseThrow(), fact.position());
    }
}
