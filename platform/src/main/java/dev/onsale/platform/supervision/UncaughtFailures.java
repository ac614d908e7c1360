package dev.onsale.platform.supervision;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Failures that ended a thread of a single task, or a thread of a library. */
final class UncaughtFailures implements Thread.UncaughtExceptionHandler {

    static final UncaughtFailures HANDLER = new UncaughtFailures();

    private static final Logger log = LoggerFactory.getLogger(UncaughtFailures.class);

    private final AtomicLong count = new AtomicLong();

    private UncaughtFailures() {}

    /** For threads that have no handler of their own. */
    void install() {
        if (Thread.getDefaultUncaughtExceptionHandler() == null) {
            Thread.setDefaultUncaughtExceptionHandler(this);
        }
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        count.incrementAndGet();
        log.error("{} has ended by a failure", thread.getName(), failure);
    }

    long count() {
        return count.get();
    }
}
