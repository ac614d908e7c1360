package dev.onsale.waitingroom;

/** Builds a room in Redis from the database. */
interface RoomBuilder {

    /** Blocks. True if the room exists in Redis afterwards; false if another node builds it or it was deleted. */
    boolean restore(SaleId sale);
}
