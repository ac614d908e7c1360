package dev.onsale.query.consumption;

import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.util.Set;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.TransactionException;

/** Tells a value that the database refuses from a database that is not there, is full, read-only or half migrated. */
final class DatabaseFailures {

    /** Refused values that Spring does not see as such: wrong characters, CHECK in MySQL, CHECK in MariaDB. */
    private static final Set<Integer> REFUSED_VALUE = Set.of(1366, 3819, 4025);

    private static final int CAUSES_MAX = 20;

    private DatabaseFailures() {}

    /** Whether every record would have failed as this one did. */
    static boolean isAway(Throwable failure) {
        boolean away = false;
        Throwable current = failure;
        for (int i = 0; current != null && i < CAUSES_MAX; i++, current = current.getCause()) {
            if (refusesTheValue(current)) {
                return false;
            }
            away |= current instanceof DataAccessException
                    || current instanceof TransactionException
                    || current instanceof PersistenceException
                    || current instanceof SQLException;
        }
        return away;
    }

    private static boolean refusesTheValue(Throwable failure) {
        return failure instanceof DataIntegrityViolationException
                || (failure instanceof SQLException sql && REFUSED_VALUE.contains(sql.getErrorCode()));
    }
}
