package dev.onsale.query.rebuild;

import dev.onsale.query.readmodel.GuardedUpsert;
import dev.onsale.query.readmodel.RowSink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/** Work of a rebuild in several threads, and rows that they write in transactions of their own. */
final class ParallelWriter implements RowSink {

    private static final long SECONDS_MAX = 120;
    private static final int SHARE_MIN = 100;

    private final ExecutorService threads;
    private final int shares;
    private final TransactionOperations transaction;
    private final JdbcOperations jdbc;
    private final Runnable first;

    /**
     * @param first runs in each transaction before it writes
     */
    ParallelWriter(
            ExecutorService threads,
            int shares,
            TransactionOperations transaction,
            JdbcOperations jdbc,
            Runnable first) {
        this.threads = threads;
        this.shares = shares;
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.first = first;
    }

    @Override
    public <R> void write(GuardedUpsert<R> upsert, Collection<R> rows) {
        List<R> all = List.copyOf(rows);
        int share = Math.max(SHARE_MIN, Math.ceilDiv(all.size(), shares));
        List<Future<?>> written = new ArrayList<>();
        for (int from = 0; from < all.size(); from += share) {
            List<R> some = all.subList(from, Math.min(all.size(), from + share));
            written.add(threads.submit(() -> transaction.executeWithoutResult(status -> {
                first.run();
                upsert.write(jdbc, some);
            })));
        }
        try {
            for (Future<?> one : written) {
                await(one);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while rows were written", e);
        }
    }

    static <T> T await(Future<T> result) throws InterruptedException {
        try {
            return result.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("A part of the rebuild failed", failure.getCause());
        } catch (TimeoutException late) {
            throw new IllegalStateException("A part of the rebuild took more than " + SECONDS_MAX + " s", late);
        }
    }
}
