package dev.onsale.paymentsimulator;

/** A response and how it is delivered. Delivery may fail although the ledger has booked. */
record Delivery(Answer answer, Manner manner, int bytesPerSecond) {
    enum Manner {
        WHOLE,
        SLOW,
        LOST
    }

    static Delivery whole(Answer answer) {
        return new Delivery(answer, Manner.WHOLE, 0);
    }

    static Delivery slow(Answer answer, int bytesPerSecond) {
        return new Delivery(answer, Manner.SLOW, bytesPerSecond);
    }

    static Delivery lost(Answer answer) {
        return new Delivery(answer, Manner.LOST, 0);
    }
}
