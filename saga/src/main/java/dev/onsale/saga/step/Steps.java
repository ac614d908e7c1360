package dev.onsale.saga.step;

import java.time.Instant;

/** Where steps are asked for. A step exists if, and only if, the caller's transaction commits. */
public interface Steps {

    /** Asks for a step as soon as the transaction has committed. */
    void next(Step step);

    /** Makes the steps of this id that wait for their time due now, and says how many; those under way go on as they are. */
    int wake(String id);

    /** Asks for a step at an instant, or soon after it. */
    void at(Instant due, Step step);
}
