package dev.onsale.benchmarks.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One measurement: the same request again and again over many connections, each with one request at a time.
 *
 * @param port of a server on this machine
 * @param method of HTTP
 * @param path may contain {@code {n}}, the number of the request
 * @param body may contain {@code {n}}; absent for none
 * @param identity how the sender of a request is named
 * @param people how many people take turns, from number {@code firstPerson} on
 * @param requestsMax ends the measurement before its time
 * @param statuses what the answers may be; another status counts as a failure
 */
public record Load(
        int port,
        String method,
        String path,
        @Nullable String body,
        Identity identity,
        int firstPerson,
        int people,
        int connections,
        long millis,
        long requestsMax,
        List<Integer> statuses) {

    /** How the sender of a request is named. */
    public enum Identity {
        NOBODY,
        /** A bearer token, one for each person, and an idempotency key that no other request has. */
        BEARER,
        /** The header {@code X-Buyer}. */
        BUYER_HEADER
    }

    /**
     * What came of a measurement.
     *
     * @param answers with one of the expected statuses
     * @param failures answers with another status, and requests without an answer
     * @param firstFailure the first bytes of the first answer with another status
     * @param cpuMillis processor time of the load generator
     */
    public record Result(
            long answers,
            long failures,
            String firstFailure,
            double perSecond,
            double p50Millis,
            double p99Millis,
            double maxMillis,
            long cpuMillis) {}
}
