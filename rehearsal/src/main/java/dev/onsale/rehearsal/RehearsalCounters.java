package dev.onsale.rehearsal;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** Counts what the simulated persons observed. Used for the report only, not for the invariants. Thread-safe. */
final class RehearsalCounters {

    enum Sight {
        SEAT_HELD,
        SEAT_NOT_FOUND,
        HOLD_ABANDONED,
        HOLD_CANCELLED,
        BOOKED,
        BOOKING_CANCELLED,
        PAYMENT_DECLINED,
        NOT_PAID,
        DOUBLE_CLICK,
        YES_AND_NO,
        NOT_ADMITTED,
        COUPON
    }

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Map<Sight, LongAdder> sights = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> neverAnswered = new ConcurrentHashMap<>();
    private final LongAdder unanswered = new LongAdder();

    void saw(Sight sight) {
        sights.computeIfAbsent(sight, key -> new LongAdder()).increment();
    }

    /**
     * @param what kind of request, such as {@code hold}
     * @param code code of the refusal
     */
    void refused(String what, String code) {
        refusals.computeIfAbsent(what + " " + code, key -> new LongAdder()).increment();
    }

    /** Counts a request without a response. It may be retried. */
    void unanswered() {
        unanswered.increment();
    }

    /** Counts a request that had no response after all retries. */
    void neverAnswered(String why) {
        neverAnswered
                .computeIfAbsent(ID.matcher(why).replaceAll("{id}"), key -> new LongAdder())
                .increment();
    }

    long count(Sight sight) {
        LongAdder adder = sights.get(sight);
        return adder == null ? 0 : adder.sum();
    }

    /** Number of refusals of one kind of request, by code. */
    Map<String, Long> refusals(String what) {
        Map<String, Long> byCode = new TreeMap<>();
        refusals.forEach((key, count) -> {
            if (key.startsWith(what + " ")) {
                byCode.put(key.substring(what.length() + 1), count.sum());
            }
        });
        return byCode;
    }

    long unansweredCount() {
        return unanswered.sum();
    }

    /** Number of requests without a response, by reason. */
    Map<String, Long> neverAnswered() {
        Map<String, Long> sums = new TreeMap<>();
        neverAnswered.forEach((why, count) -> sums.put(why, count.sum()));
        return sums;
    }
}
