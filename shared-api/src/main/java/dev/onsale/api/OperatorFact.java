package dev.onsale.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operator did, as a part of the fact that it made. Every fact that an operator causes has these three properties under
 * these names; the list of an operator's actions is found in the log by them.
 */
public interface OperatorFact {

    /** Who: the subject of the bearer token. */
    OperatorId operator();

    /** Why, in the operator's words; absent if none was given. */
    @Nullable
    String reason();

    /** When it was decided. */
    Instant at();
}
