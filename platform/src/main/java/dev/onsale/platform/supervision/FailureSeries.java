package dev.onsale.platform.supervision;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Failures of many tasks that need the same service and try again: one line when they begin, one when the service works again, with how
 * many tasks waited and for how long. Each failure in between is logged at DEBUG. The service works again when every part of it that
 * failed has worked since, and nothing has failed for {@link #QUIET}. Thread-safe.
 */
public final class FailureSeries {

    /** A service that fails now and then under load is one series and no line for each failure. */
    static final Duration QUIET = Duration.ofSeconds(5);

    /** A part that failed and was not retried for so long after its pause is no longer used. Longer than other pauses. */
    static final Duration FORGOTTEN = Duration.ofMinutes(3);

    private static final int TASKS_MAX = 100_000;

    private final SupervisedWork lines;
    private final String tasksName;
    private final LongSupplier nanoTime;
    /** The parts that failed, with the instant at which each is forgotten. */
    private final Map<String, Long> parts = new HashMap<>();

    private final Set<String> tasks = new HashSet<>();
    private volatile boolean isFailing;
    private boolean hasWorked;
    private long beganNanos;
    private long lastNanos;

    /**
     * @param service its name, which begins both lines
     * @param tasksName what waits for it, in the plural
     */
    public FailureSeries(String service, String tasksName, LongSupplier nanoTime) {
        this.lines = SupervisedWork.onDemand(service, QUIET);
        this.tasksName = tasksName;
        this.nanoTime = nanoTime;
    }

    /** A failure that is logged by its text alone. */
    static final class Failure extends RuntimeException {

        private static final long serialVersionUID = 1;

        Failure(String detail) {
            super(detail, null, false, false);
        }
    }

    /** As {@link #failed(String, String, String, Duration)}, for a task that tries again soon. */
    public void failed(String part, String task, String detail) {
        failed(part, task, detail, Duration.ZERO);
    }

    /**
     * @param part of the service
     * @param task which one failed; counted once however often it fails
     * @param pause that the service asks for before the next try
     */
    public synchronized void failed(String part, String task, String detail, Duration pause) {
        long now = nanoTime.getAsLong();
        if (!isFailing) {
            isFailing = true;
            beganNanos = now;
            parts.clear();
            tasks.clear();
        }
        lastNanos = now;
        hasWorked = false;
        long forgottenAt = now + pause.plus(FORGOTTEN).toNanos();
        parts.merge(part, forgottenAt, (known, later) -> later - known > 0 ? later : known);
        if (tasks.size() < TASKS_MAX) {
            tasks.add(task);
        }
        lines.failed(new Failure(part + ": " + detail));
    }

    public void worked(String part) {
        if (isFailing) {
            worksAgain(part);
        }
    }

    private synchronized void worksAgain(String part) {
        parts.remove(part);
        hasWorked = true;
        look();
    }

    /** Ends the series if it is over. Must be called at intervals: the last success may have come before the series was quiet. */
    public synchronized void look() {
        long now = nanoTime.getAsLong();
        boolean isOver = isFailing
                && hasWorked
                && now - lastNanos >= QUIET.toNanos()
                && parts.values().stream().allMatch(forgottenAt -> now - forgottenAt >= 0);
        if (isOver) {
            isFailing = false;
            parts.clear();
            long seconds = Duration.ofNanos(now - beganNanos).toSeconds();
            lines.completed(" after " + seconds + " s; " + tasksName + " that waited: " + tasks.size());
            tasks.clear();
        }
    }

    public synchronized boolean isFailing(String part) {
        return parts.containsKey(part);
    }

    /** Tasks that failed since the series began; 0 if there is none. */
    public synchronized int waiting() {
        return tasks.size();
    }
}
