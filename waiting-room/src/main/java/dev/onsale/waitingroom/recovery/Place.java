package dev.onsale.waitingroom.recovery;

/**
 * A place inside a sale.
 *
 * @param queueNumber the number that the buyer had in the queue, 0 if it is not known
 */
record Place(
        String buyer,
        String tokenId,
        long admittedAt,
        long tokenUntil,
        long placeUntil,
        boolean entered,
        long queueNumber) {

    /** The admission as the scripts store it. */
    String admission() {
        return tokenId + "|" + admittedAt + "|" + tokenUntil;
    }

    /** The number of an admission is the end of its token id. */
    long admissionNumber() {
        return Long.parseLong(tokenId.substring(tokenId.lastIndexOf('-') + 1));
    }

    /** The same place, which ends no earlier than the given instant. */
    Place lastingUntil(long end) {
        return new Place(buyer, tokenId, admittedAt, tokenUntil, Math.max(placeUntil, end), entered, queueNumber);
    }

    Place enteredUntil(long end) {
        return new Place(buyer, tokenId, admittedAt, tokenUntil, end, true, queueNumber);
    }
}
