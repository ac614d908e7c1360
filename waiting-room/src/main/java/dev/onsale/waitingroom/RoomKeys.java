package dev.onsale.waitingroom;

/** The Redis keys of one room. They share a hash tag, so that one script may touch them all on a Redis Cluster too. */
record RoomKeys(SaleId sale) {

    /** The sales that have a room. */
    static final String ROOMS = "onsale:waiting-rooms";

    /** Settings, state, and the counters of admission. */
    String room() {
        return key("room");
    }

    /** The last number given out in the queue. */
    String sequence() {
        return key("sequence");
    }

    /** Who waits, by number. */
    String queue() {
        return key("queue");
    }

    /** Who waits, by the last sign of life. */
    String seen() {
        return key("seen");
    }

    /** Who has a place, by its end. */
    String active() {
        return key("active");
    }

    /** The admission of each who has a place. */
    String admitted() {
        return key("admitted");
    }

    /** Who has a place and consumed the token. */
    String entered() {
        return key("entered");
    }

    /** Exists once the token was consumed, until the token expires. */
    String used(String tokenId) {
        return key("used:" + tokenId);
    }

    private String key(String part) {
        return "onsale:waiting-room:{" + sale.value() + "}:" + part;
    }
}
