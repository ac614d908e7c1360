package dev.onsale.platform.idempotency;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps answers for as long as keys are good, beyond the life of a process. A side with changing requests and a database brings
 * one; a process without it checks the header alone.
 */
public interface AnswerStore {

    /** From memory: {@code false} says that nothing is stored, apart from what another node stored a moment ago. */
    boolean mayKnow(RequestKey name);

    /** The stored answer; fails if the store is away or has too much to do. */
    CompletionStage<Optional<StoredAnswer>> find(RequestKey name);

    /** Stores the answer soon. It may be lost with the process: for requests that are recognised without it. */
    void remember(RequestKey name, StoredAnswer answer);

    /** Durable when it is answered. A lease that is neither settled nor given up lapses. */
    CompletionStage<KeyClaim> lease(RequestKey name, Fingerprint fingerprint);

    /** Durable when it is answered. */
    CompletionStage<Void> settle(RequestKey name, StoredAnswer answer);

    /** The request was refused or failed: the next one with its name may try. */
    CompletionStage<Void> giveUp(RequestKey name);
}
