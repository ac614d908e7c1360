package dev.onsale.query.readmodel;

import java.util.Collection;
import org.springframework.jdbc.core.JdbcOperations;

/** Where a fold's rows go. */
public interface RowSink {

    /**
     * @param rows of one key at most one each: they may be written side by side
     */
    <R> void write(GuardedUpsert<R> upsert, Collection<R> rows);

    /** One after the other, in the caller's transaction. */
    static RowSink inOrder(JdbcOperations jdbc) {
        return new RowSink() {
            @Override
            public <R> void write(GuardedUpsert<R> upsert, Collection<R> rows) {
                upsert.write(jdbc, rows);
            }
        };
    }
}
