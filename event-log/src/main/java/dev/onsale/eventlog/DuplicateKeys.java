package dev.onsale.eventlog;

import java.sql.SQLException;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.jspecify.annotations.Nullable;

/**
 * Tells a lost race from a broken store. A batched insert reports the violation as a {@code BatchUpdateException}, which
 * Axon's own resolver takes for a failure: the loser would then not be tried again on fresh state.
 */
public final class DuplicateKeys implements PersistenceExceptionResolver {

    /** MySQL and MariaDB: ER_DUP_ENTRY. */
    private static final int DUPLICATE_ENTRY = 1062;

    @Override
    public boolean isDuplicateKeyViolation(@Nullable Exception exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getErrorCode() == DUPLICATE_ENTRY) {
                return true;
            }
        }
        return false;
    }
}
