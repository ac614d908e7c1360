package dev.onsale.waitingroom.room;

import dev.onsale.waitingroom.key.SaleId;

/** Builds a room in Redis from the database. */
public interface RoomBuilder {

    /**
     * Blocks.
     *
     * @return whether the room exists in Redis afterwards; false if another node builds it or it was deleted
     */
    boolean restore(SaleId sale);
}
