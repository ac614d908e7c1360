package dev.onsale.waitingroom.token;

/** Wraps admission keys under a master key that all nodes share. Provided by the hosting application. */
public interface KeyWrapping {

    /** Whether there is a master key. Called at the start; without one, each node has its own key file. */
    boolean isAvailable();

    byte[] wrap(String keyId, byte[] key);

    /**
     * @throws IllegalStateException if the key was wrapped for another id or under another master key
     */
    byte[] unwrap(String keyId, byte[] wrapped);
}
