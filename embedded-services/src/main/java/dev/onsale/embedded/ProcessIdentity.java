package dev.onsale.embedded;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A process as it can be written down: a pid alone may belong to a stranger by the time it is read, pid and start time do not.
 *
 * @param startedAtMillis 0 where the system does not tell
 */
record ProcessIdentity(long pid, long startedAtMillis) {

    // The start time counts from a boot time that moves when the system's clock is set right.
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(20);

    static ProcessIdentity of(ProcessHandle handle) {
        return new ProcessIdentity(
                handle.pid(),
                handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    }

    static ProcessIdentity parse(String text) {
        String[] parts = text.split(" ", 2);
        return new ProcessIdentity(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    @Override
    public String toString() {
        return pid + " " + startedAtMillis;
    }

    /** Empty as well for a process that has ended but that nobody has collected, which may stay so for long in a container. */
    Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isTheSame);
    }

    private boolean isTheSame(ProcessHandle handle) {
        ProcessHandle.Info info = handle.info();
        return info.command().isPresent()
                && info.startInstant()
                        .filter(started ->
                                Math.abs(started.toEpochMilli() - startedAtMillis) <= START_TOLERANCE.toMillis())
                        .isPresent();
    }

    /** Asks it to end, waits that long, then forces it and waits again. */
    void end(Duration grace) {
        find().ifPresent(ProcessHandle::destroy);
        if (!awaitEnd(grace)) {
            find().ifPresent(ProcessHandle::destroyForcibly);
            awaitEnd(grace);
        }
    }

    private boolean awaitEnd(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (find().isPresent()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }
}
