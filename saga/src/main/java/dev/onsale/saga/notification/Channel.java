package dev.onsale.saga.notification;

/** A way to tell somebody. */
interface Channel {

    /** As stored beside what was told. */
    String name();

    /**
     * Tells it, or leaves out a buyer whom this channel does not reach.
     *
     * @throws RuntimeException if it did not go out; it is tried again
     */
    void send(Notice notice);
}
