package dev.onsale.waitingroom.key;

import java.time.Duration;
import java.util.List;

/** The Redis keys of one room. They share a hash tag, so that one script may touch them all on a Redis Cluster too. */
public record RoomKeys(SaleId sale) {

    /** How long the reservations of a buyer are kept after the hold, so that a repeated event does not open them again. */
    public static final Duration HOLDS_KEPT = Duration.ofDays(1);

    /** Settings, phase, and the counters of admission. */
    public String room() {
        return key("room");
    }

    /** The last number given out in the queue. */
    public String sequence() {
        return key("sequence");
    }

    /** Who waits, by number. */
    public String queue() {
        return key("queue");
    }

    /** The last sign of life of each number. */
    public String seen() {
        return key("seen");
    }

    /** Who has a place, by its end. */
    public String active() {
        return key("active");
    }

    /** The admission of each who has a place. */
    public String admitted() {
        return key("admitted");
    }

    /** Who has a place and consumed the token. */
    public String entered() {
        return key("entered");
    }

    /** What happened and is not written down yet. */
    public String journal() {
        return key("journal");
    }

    /** Prefix of the keys that say for a while what became of a place. */
    public String gone() {
        return key("gone:");
    }

    /** The reservations of one buyer: the end of the hold of each, 0 once it has ended. */
    public String holds(String buyer) {
        return key("holds:" + buyer);
    }

    /** How often each reason refused somebody. */
    public String refusals() {
        return key("refusals");
    }

    /** Who is building the room anew. */
    public String building() {
        return key("building");
    }

    /** Exists once the token was consumed, until the token expires. */
    public String used(String tokenId) {
        return key("used:" + tokenId);
    }

    /** How many places an address got of late. */
    public String address(String digest) {
        return key("address:" + digest);
    }

    /** Exists once a proof of work was shown. */
    public String work(String challenge) {
        return key("work:" + challenge);
    }

    /** All that lives as long as the room; the others end by themselves. */
    public List<String> lasting() {
        return List.of(
                room(),
                queue(),
                seen(),
                active(),
                admitted(),
                entered(),
                sequence(),
                journal(),
                refusals(),
                building());
    }

    private String key(String part) {
        return "onsale:waiting-room:{" + sale.value() + "}:" + part;
    }
}
