package dev.onsale.saga.notification;

/** A channel for notices. */
interface Channel {

    /** The channel's name, as stored with what was sent. */
    String name();

    /**
     * Tells it, or leaves out a buyer whom this channel does not reach.
     *
     * @throws RuntimeException if it did not go out; it is tried again
     */
    void send(Notice notice);
}
