package dev.onsale.waitingroom.token;

/** Wraps the admission keys for the database. The host connects it to the master key that all of its nodes share. */
public interface KeyWrapping {

    /** Whether there is a master key. Asked once the application starts; without one each node has its own key file. */
    boolean isAvailable();

    byte[] wrap(String keyId, byte[] key);

    /**
     * @throws IllegalStateException if the key was wrapped for another id, or under another master key
     */
    byte[] unwrap(String keyId, byte[] wrapped);
}
