package dev.onsale.command.store;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one aggregate, a page at a time. Most aggregates fit into the first small page; of a long one the next page is
 * read and parsed while the last one is applied, and never more than two pages are in memory.
 */
final class PagedEventStream implements DomainEventStream {

    private static final int FIRST_PAGE = 128;
    private static final int PAGE_MAX = 4_096;
    private static final Duration PAGE_PATIENCE = Duration.ofSeconds(60);

    /** Reads facts from a sequence number on. */
    interface Pages {
        Page read(long fromSequence, int limit);
    }

    /**
     * @param messages the facts; upcasters may have made fewer or more of them than were stored
     * @param lastSequence of what was stored
     * @param isLast whether nothing more was stored
     */
    record Page(List<DomainEventMessage<?>> messages, long lastSequence, boolean isLast) {}

    private final Pages pages;
    private final Executor readers;
    private long from;
    private int turned;
    private Page page = new Page(List.of(), -1, false);
    private int next;
    private @Nullable Long lastSequence;
    private @Nullable CompletableFuture<Page> ahead;

    PagedEventStream(Pages pages, long fromSequence, Executor readers) {
        this.pages = pages;
        this.readers = readers;
        this.from = fromSequence;
    }

    @Override
    public boolean hasNext() {
        while (next == page.messages().size() && !page.isLast()) {
            turnPage();
        }
        return next < page.messages().size();
    }

    @Override
    public DomainEventMessage<?> next() {
        DomainEventMessage<?> message = peek();
        next++;
        return message;
    }

    @Override
    public DomainEventMessage<?> peek() {
        if (!hasNext()) {
            throw new NoSuchElementException("The aggregate has no more facts");
        }
        return page.messages().get(next);
    }

    @Override
    public @Nullable Long getLastSequenceNumber() {
        return lastSequence;
    }

    private void turnPage() {
        CompletableFuture<Page> read = ahead;
        page = read != null ? await(read) : pages.read(from, turned == 0 ? FIRST_PAGE : PAGE_MAX);
        turned++;
        next = 0;
        ahead = null;
        if (page.lastSequence() >= from) {
            lastSequence = page.lastSequence();
            from = page.lastSequence() + 1;
        }
        if (turned > 1 && !page.isLast()) {
            long following = from;
            ahead = CompletableFuture.supplyAsync(() -> parsed(pages.read(following, PAGE_MAX)), readers);
        }
    }

    /** Axon parses a payload when it is first asked for, and keeps it. */
    private static Page parsed(Page page) {
        page.messages().forEach(DomainEventMessage::getPayload);
        return page;
    }

    private static Page await(CompletableFuture<Page> read) {
        try {
            return read.get(PAGE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("The facts of an aggregate cannot be read", failure.getCause());
        } catch (TimeoutException late) {
            throw new IllegalStateException("The store gave no page within " + PAGE_PATIENCE, late);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while facts were read", e);
        }
    }
}
