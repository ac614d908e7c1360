package dev.onsale.api;

/**
 * One thing that is wrong with a request.
 *
 * @param place where, for a person
 * @param problem what
 */
public record Fault(String place, String problem) {

    /** The most faults that one answer lists. */
    public static final int REPORTED_MAX = 100;
}
