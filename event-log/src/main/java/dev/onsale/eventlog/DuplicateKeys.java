package dev.onsale.eventlog;

import java.sql.SQLException;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.jspecify.annotations.Nullable;

/**
 * Tells a lost race from a broken write. Axon's own resolver takes every integrity violation for a lost race, a missing value as
 * well, which would then be tried again for nothing.
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
