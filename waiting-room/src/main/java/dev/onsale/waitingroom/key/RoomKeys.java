package dev.onsale.waitingroom.key;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The Redis keys of one room. They share a hash tag, so one script may use all of them in a Redis Cluster. */
public record RoomKeys(SaleId sale) {

    /** How long reservations are kept after the hold, so that a repeated event does not open them again. */
    public static final Duration HOLDS_KEPT = Duration.ofDays(1);

    /** Settings, phase and counters. */
    public String room() {
        return key("room");
    }

    /** Last number given out in the queue. */
    public String sequence() {
        return key("sequence");
    }

    /** Waiting visitors by number. */
    public String queue() {
        return key("queue");
    }

    /** Last sign of life by number. */
    public String seen() {
        return key("seen");
    }

    /** Visitors with a place, by its end. */
    public String active() {
        return key("active");
    }

    /** Admissions of the visitors with a place. */
    public String admitted() {
        return key("admitted");
    }

    /** Visitors with a place who used their token. */
    public String entered() {
        return key("entered");
    }

    /** Journal entries that are not in the database yet. */
    public String journal() {
        return key("journal");
    }

    /** Prefix of the keys that keep for a while why a visitor has no place any more. */
    public String gone() {
        return key("gone:");
    }

    /** Reservations of one buyer, with the end of the hold; 0 once the reservation has ended. */
    public String holds(String buyer) {
        return key("holds:" + buyer);
    }

    /** Counts of refused joins by reason. */
    public String refusals() {
        return key("refusals");
    }

    /** Lock of the node that builds the room. */
    public String building() {
        return key("building");
    }

    /** Exists from the use of the token until it expires. */
    public String used(String tokenId) {
        return key("used:" + tokenId);
    }

    /** Recent joins of a network address. */
    public String address(String digest) {
        return key("address:" + digest);
    }

    /** Exists once the proof of work was used. */
    public String work(String challenge) {
        return key("work:" + challenge);
    }

    /** All keys that live as long as the room, in the order of {@code begin-restore.lua}; the others expire. */
    public List<String> lasting() {
        return of("room building queue seen active admitted entered sequence journal refusals");
    }

    /**
     * The keys of a script, in its order.
     *
     * @param names names without spaces, separated by spaces
     * @param more further names
     */
    public List<String> of(String names, String... more) {
        return Stream.concat(Stream.of(names.split(" ")), Stream.of(more))
                .map(this::key)
                .toList();
    }

    private String key(String part) {
        return "onsale:waiting-room:{" + sale.value() + "}:" + part;
    }
}
