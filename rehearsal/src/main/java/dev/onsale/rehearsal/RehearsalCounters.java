package dev.onsale.rehearsal;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** What the crowd saw, counted as it goes: for the report alone, never for the verdict. Safe for many threads. */
final class RehearsalCounters {

    /** One thing to count. */
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
     * @param what what was refused, such as {@code hold}
     * @param code the code of the refusal
     */
    void refused(String what, String code) {
        refusals.computeIfAbsent(what + " " + code, key -> new LongAdder()).increment();
    }

    /** A request got no answer; it may be sent again. */
    void unanswered() {
        unanswered.increment();
    }

    /** A request got no answer however often it was sent. */
    void neverAnswered(String why) {
        neverAnswered
                .computeIfAbsent(ID.matcher(why).replaceAll("{id}"), key -> new LongAdder())
                .increment();
    }

    long count(Sight sight) {
        LongAdder adder = sights.get(sight);
        return adder == null ? 0 : adder.sum();
    }

    /** Refusals by code, of one kind of request. */
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

    /** How often, by what happened. */
    Map<String, Long> neverAnswered() {
        Map<String, Long> sums = new TreeMap<>();
        neverAnswered.forEach((why, count) -> sums.put(why, count.sum()));
        return sums;
    }
}
