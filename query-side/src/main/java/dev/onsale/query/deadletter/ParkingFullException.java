package dev.onsale.query.deadletter;

/** More records wait behind dead ones than may: those that come after them have to stay in Kafka. */
public final class ParkingFullException extends RuntimeException {

    ParkingFullException(long parkedMax) {
        super("More than " + parkedMax + " records wait behind dead letters; retry or drop those");
    }
}
