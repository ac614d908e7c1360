package dev.onsale.command.bus;

/** An aggregate of variable size, which the cache counts. */
public interface MemorySized {

    /** Estimate of its heap in bytes. Called after each decision, so it must be cheap. */
    long memoryBytes();
}
