package dev.onsale.standalone.clock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long the machine was suspended: {@link System#nanoTime} does not count that time, Linux's uptime does.
 * Both are independent of clock changes. Always zero on systems without {@code /proc/uptime}. Not thread-safe.
 */
final class SuspendedTime {

    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final double MILLIS_PER_SECOND = 1_000;

    /**
     * Shorter times are ignored: the file has a resolution of 10 ms and the two values are not read at the same
     * instant.
     */
    private static final Duration NOTICED_FROM = Duration.ofSeconds(1);

    private final Path uptime;
    private @Nullable Duration known;

    SuspendedTime() {
        this(UPTIME);
    }

    SuspendedTime(Path uptime) {
        this.uptime = uptime;
        this.known = uncounted();
    }

    /** Time suspended since the last call that returned more than zero. Zero for less than a second. */
    Duration sinceLast() {
        Duration before = known;
        Duration now = uncounted();
        if (now == null || (before != null && now.minus(before).compareTo(NOTICED_FROM) < 0)) {
            return Duration.ZERO;
        }
        known = now;
        return before == null ? Duration.ZERO : now.minus(before);
    }

    /** Uptime minus {@link System#nanoTime}. The difference grows only while the machine is suspended. */
    private @Nullable Duration uncounted() {
        try {
            String seconds = Files.readString(uptime).split(" ", 2)[0];
            return Duration.ofMillis(Math.round(Double.parseDouble(seconds) * MILLIS_PER_SECOND))
                    .minusNanos(System.nanoTime());
        } catch (IOException | NumberFormatException notLinux) {
            return null;
        }
    }
}
