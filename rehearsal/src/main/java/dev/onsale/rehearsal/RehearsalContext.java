package dev.onsale.rehearsal;

import dev.onsale.proof.invariant.Acknowledgements;
import dev.onsale.rehearsal.client.Deadline;
import dev.onsale.rehearsal.client.OnsaleClient;

/** Shared objects of the persons of one rehearsal. */
record RehearsalContext(
        OnsaleClient client,
        Sale sale,
        Acknowledgements told,
        RehearsalCounters tally,
        RequestRetry patience,
        Deadline deadline,
        WaitingRoom room,
        RedisLoss redisLoss) {}
