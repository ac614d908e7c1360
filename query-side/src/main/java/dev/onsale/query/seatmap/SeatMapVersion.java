package dev.onsale.query.seatmap;

/**
 * Which facts are in a seat map.
 *
 * @param facts how many: it grows with every one, so that the edition that follows another can be told from a later one
 * @param version log position of the newest
 */
record SeatMapVersion(long facts, long version) {

    String eTag() {
        return "\"" + id() + "\"";
    }

    String id() {
        return version + "." + facts;
    }
}
