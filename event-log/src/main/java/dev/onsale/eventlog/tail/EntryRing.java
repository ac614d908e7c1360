package dev.onsale.eventlog.tail;

import java.util.ArrayList;
import java.util.List;

/** The newest entries in ascending order, bounded in number and in bytes. Not thread-safe. */
final class EntryRing {

    private final LogEntry[] entries;
    private final long bytesMax;
    private long first;
    private long next;
    private long bytes;
    /** All settled entries after this position are here. */
    private long coversFrom;

    EntryRing(int entriesMax, long bytesMax) {
        this.entries = new LogEntry[entriesMax];
        this.bytesMax = bytesMax;
    }

    /** Empties the ring; what follows a position is added next. */
    void restart(long position) {
        while (first < next) {
            evict();
        }
        coversFrom = position;
    }

    void add(LogEntry entry) {
        if (next - first == entries.length) {
            evict();
        }
        entries[index(next++)] = entry;
        bytes += entry.bytes();
        while (bytes > bytesMax && first < next) {
            evict();
        }
    }

    @SuppressWarnings("NullAway") // A free place of the ring holds nothing.
    private void evict() {
        LogEntry oldest = entries[index(first)];
        entries[index(first++)] = null;
        bytes -= oldest.bytes();
        coversFrom = oldest.position();
    }

    boolean covers(long position) {
        return position >= coversFrom;
    }

    /**
     * @param position exclusive; one that the ring covers
     */
    List<LogEntry> after(long position, int limit) {
        long from = firstAfter(position);
        long to = Math.min(next, from + limit);
        List<LogEntry> found = new ArrayList<>((int) (to - from));
        for (long number = from; number < to; number++) {
            found.add(entries[index(number)]);
        }
        return found;
    }

    private long firstAfter(long position) {
        long low = first;
        long high = next;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (entries[index(middle)].position() > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private int index(long number) {
        return (int) (number % entries.length);
    }
}
