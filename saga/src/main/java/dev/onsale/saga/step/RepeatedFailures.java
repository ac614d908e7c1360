package dev.onsale.saga.step;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts the failures of each step, and says which ones to log: the first of each kind, then the 10th, 20th, 40th and so on. Counts are
 * of this node, and limited: the step that failed least recently is forgotten first. Thread-safe.
 */
final class RepeatedFailures {

    private static final int STEPS_MAX = 20_000;
    private static final int KINDS_MAX = 8;
    private static final int FIRST_REPEAT = 10;

    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > STEPS_MAX;
        }
    };

    /**
     * @param number of failures of the step so far
     * @param isFirst whether the step failed for the first time in this way
     * @param isRepeat whether a line with the number of failures is due
     */
    record Failure(int number, boolean isFirst, boolean isRepeat) {}

    private static final class Failures {
        private final Set<String> kinds = new HashSet<>();
        private int number;
        private int nextRepeat = FIRST_REPEAT;

        private Failure add(String kind) {
            number++;
            boolean isFirst = kinds.size() < KINDS_MAX && kinds.add(kind);
            boolean isRepeat = number >= nextRepeat;
            if (isRepeat) {
                nextRepeat *= 2;
            }
            return new Failure(number, isFirst, isRepeat);
        }
    }

    /**
     * @param kind in what way it failed
     */
    synchronized Failure add(Step step, String kind) {
        return failures.computeIfAbsent(key(step), unused -> new Failures()).add(kind);
    }

    synchronized void forget(Step step) {
        failures.remove(key(step));
    }

    private static String key(Step step) {
        return step.kind() + "/" + step.id();
    }
}
