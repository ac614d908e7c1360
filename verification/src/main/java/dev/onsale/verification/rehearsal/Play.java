package dev.onsale.verification.rehearsal;

import dev.onsale.verification.client.OnsaleClient;
import dev.onsale.verification.verdict.Acknowledgements;

/** What the people of one rehearsal share. */
record Play(
        OnsaleClient client,
        Sale sale,
        Acknowledgements told,
        Tally tally,
        Patience patience,
        Deadline deadline,
        WaitingRoom room,
        RedisLoss redisLoss) {}
