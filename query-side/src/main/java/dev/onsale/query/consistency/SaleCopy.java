package dev.onsale.query.consistency;

import dev.onsale.api.PerformanceId;
import dev.onsale.query.rebuild.Differences;
import java.util.Optional;

/** A copy of a performance's rows outside the database. */
public interface SaleCopy {

    /** What it is a copy of, such as {@code seat-map}. */
    String name();

    /** Values that differ from the rows; nothing if there is no copy, or one of another moment than the rows. */
    Optional<Differences> differences(PerformanceId performance);

    /** Gives the copy up; the next reader makes a new one. */
    void forget(PerformanceId performance);
}
