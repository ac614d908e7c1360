package dev.onsale.command.bus;

/** An aggregate whose size varies so much that the cache must know it. */
public interface MemorySized {

    /** Estimate of the heap it keeps alive, in bytes. Cheap: asked after each decision. */
    long memoryBytes();
}
