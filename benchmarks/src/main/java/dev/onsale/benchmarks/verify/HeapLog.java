package dev.onsale.benchmarks.verify;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Heap of a process by its log of collections ({@code -Xlog:gc}).
 *
 * @param usedMax most that was used before a collection, in MB
 * @param aliveMax most that was left after one, in MB
 */
record HeapLog(long usedMax, long aliveMax) {

    /** As in {@code GC(3) Pause Young (Allocation Failure) 273M->12M(989M) 4.1ms}. */
    private static final Pattern COLLECTION = Pattern.compile("Pause .* (\\d+)M->(\\d+)M\\(");

    static HeapLog of(List<String> lines) {
        long used = 0;
        long alive = 0;
        for (String line : lines) {
            Matcher collection = COLLECTION.matcher(line);
            if (collection.find()) {
                used = Math.max(used, Long.parseLong(collection.group(1)));
                alive = Math.max(alive, Long.parseLong(collection.group(2)));
            }
        }
        return new HeapLog(used, alive);
    }
}
