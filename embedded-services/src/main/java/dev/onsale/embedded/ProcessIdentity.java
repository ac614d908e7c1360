package dev.onsale.embedded;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Identifies a process by pid and start time, because the operating system reuses pids.
 *
 * @param startedAtMillis start time in milliseconds since 1970; 0 if the system does not provide it
 */
record ProcessIdentity(long pid, long startedAtMillis) {

    // The start time is computed from the boot time, which changes when the system's clock is set.
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

    /** The running process. Also empty for a zombie process, which may stay for long in a container. */
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

    /** Terminates the process, waits for the grace period, then kills it and waits again. */
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
