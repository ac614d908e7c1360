package dev.onsale.standalone.clock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the machine was suspended, which {@link System#nanoTime} does not count and the uptime of Linux does. No change of a clock
 * moves either. Where there is no such file it is always zero. Not thread-safe.
 */
final class SuspendedTime {

    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final double MILLIS_PER_SECOND = 1_000;

    /** The file has hundredths of a second, and reading both takes time. */
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

    /** Since the last call that answered more than zero; zero for less than a second. */
    Duration sinceLast() {
        Duration before = known;
        Duration now = uncounted();
        if (now == null || (before != null && now.minus(before).compareTo(NOTICED_FROM) < 0)) {
            return Duration.ZERO;
        }
        known = now;
        return before == null ? Duration.ZERO : now.minus(before);
    }

    /** Uptime minus counted time: it grows while the machine is suspended, and at no other time. */
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
