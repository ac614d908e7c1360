package dev.onsale.platform.supervision;

import dev.onsale.platform.failure.Causes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One long-running thread or periodic task: catches what it throws, logs the first failure of a series, counts, restarts with
 * backoff, and knows the age of the last completed round.
 *
 * <p>An exception in a round means that a service is away: the round is tried again for as long as it takes. An {@code Error}, or
 * an exception that ends a thread's loop, means that the process is broken: after {@value #FATAL_IN_A_ROW_MAX} in a row without
 * a completed round the work is {@link State#FAILED}. It is still tried again, and a completed round ends the state.
 *
 * <p>Thread-safe.
 */
public final class SupervisedWork {

    static final int FATAL_IN_A_ROW_MAX = 5;

    private static final Logger log = LoggerFactory.getLogger(SupervisedWork.class);
    private static final long BACKOFF_MIN_MS = 50;
    private static final long BACKOFF_MAX_MS = 5_000;

    private final String name;
    private final Duration silentMax;
    private final boolean onDemand;
    private final Rounds rounds = new Rounds();
    private final AtomicLong lastRound = new AtomicLong(System.nanoTime());
    private final AtomicLong lastSign = new AtomicLong(System.nanoTime());
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean optional;
    private volatile boolean started;
    private volatile int fatalInARow;
    private volatile @Nullable Throwable lastFailure;
    private final AtomicReference<@Nullable Error> injected = new AtomicReference<>();
    private volatile boolean ended;
    private volatile Runnable whenFailed = () -> {};

    /** What the work does at this moment. {@code FAILED} makes the node unready, and {@code SILENT} unless the work is optional. */
    public enum State {
        /** Not started, or stopped by a normal end. */
        STOPPED,
        /** The last round was completed. */
        RUNNING,
        /** The last round failed and is tried again. */
        RETRYING,
        /** Too many fatal failures in a row, or ended for good. */
        FAILED,
        /**
         * A round under way gave no sign of progress, or work that repeats ended no round, well or not, for longer than it may
         * take.
         */
        SILENT
    }

    /** The body of a thread: a loop that ends when the work is stopped. */
    @FunctionalInterface
    public interface Loop {
        void run() throws InterruptedException;
    }

    /**
     * Work that repeats: a thread's loop, or a periodic task.
     *
     * @param name the thread's name; also the tag {@code name} of {@code onsale.supervised.failures}
     * @param silentMax longest time between two rounds, and without {@link #progress} in one, of work that is alive
     */
    public SupervisedWork(String name, Duration silentMax) {
        this(name, silentMax, false);
    }

    private SupervisedWork(String name, Duration silentMax, boolean onDemand) {
        this.name = name;
        this.silentMax = silentMax;
        this.onDemand = onDemand;
    }

    /**
     * Work with rounds on demand only: there may be any time between two of them.
     *
     * @param silentMax longest time of a round that is alive without {@link #progress}
     */
    public static SupervisedWork onDemand(String name, Duration silentMax) {
        return new SupervisedWork(name, silentMax, true);
    }

    /** A node sells without it: its silence is shown in health and metrics, and leaves the node ready. */
    public SupervisedWork optional() {
        optional = true;
        return this;
    }

    /** What to do when the work becomes {@code FAILED}, once for each time: to give a lease up. */
    public SupervisedWork whenFailed(Runnable action) {
        whenFailed = action;
        return this;
    }

    /** For an executor that repeats it: nothing that it throws reaches the executor, which would end the repetition. */
    public Runnable periodic(Runnable round) {
        started();
        return () -> attempt(round);
    }

    /** As {@link #periodic(Runnable)}; an exception of a round while its executor stops is no failure. */
    Runnable periodic(Runnable round, BooleanSupplier isStopping) {
        return periodic(() -> {
            try {
                round.run();
            } catch (RuntimeException stopping) {
                if (!isStopping.getAsBoolean()) {
                    throw stopping;
                }
                log.debug("{} was interrupted by the stop", name, stopping);
            }
        });
    }

    /** For a thread: runs the loop again after a failure, until it returns, is interrupted or {@code stopped} says so. */
    public Runnable restarting(BooleanSupplier stopped, Loop loop) {
        started();
        return () -> {
            try {
                while (!ranToItsEnd(loop) && !stopped.getAsBoolean()) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(backoffMillis()));
                    if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            } finally {
                stopped();
            }
        };
    }

    /** A thread, not started, for a body that {@link #restarting} made. It does not keep the process alive. */
    public Thread thread(Runnable body) {
        return Thread.ofPlatform().daemon().name(name).unstarted(body);
    }

    /** Runs a task once; a failure is logged and counted, and never thrown. Whether the task was completed. */
    @SuppressWarnings("CatchingUnchecked") // Whatever it is must not end the thread.
    public boolean attempt(Runnable task) {
        started();
        begin();
        try {
            task.run();
            completed();
            return true;
        } catch (Throwable failure) {
            failed(failure, failure instanceof Error);
            return false;
        } finally {
            end();
        }
    }

    /** The current thread begins a round by itself; {@link #end} must follow. */
    public void begin() {
        rounds.begin();
    }

    /** The round of the current thread has ended; {@link #completed} and {@link #failed} tell how. */
    public void end() {
        rounds.end();
    }

    /** Long work makes progress: a sign of life of whatever round the current thread is in, if it is in one. */
    public static void progress() {
        Rounds.progress();
    }

    /** The threads whose rounds are silent. */
    Set<Thread> silentThreads() {
        return rounds.silentFor(silentMax);
    }

    /** Whether the thread is in a round that is silent. */
    public boolean isSilent(Thread thread) {
        return silentThreads().contains(thread);
    }

    private boolean ranToItsEnd(Loop loop) throws InterruptedException {
        try {
            loop.run();
            return true;
        } catch (InterruptedException stopping) {
            throw stopping;
        } catch (Throwable failure) {
            failed(failure, true);
            return false;
        }
    }

    /** A round has ended well. */
    public void completed() {
        completed("");
    }

    /**
     * As {@link #completed()}.
     *
     * @param summary of the failures before, for the line that ends them; with one the line is a WARN, which the console shows
     */
    void completed(String summary) {
        Error failure = injected.get();
        if (failure != null && injected.compareAndSet(failure, null)) {
            throw failure;
        }
        long now = System.nanoTime();
        lastRound.setRelease(now);
        lastSign.setRelease(now);
        if (lastFailure != null) {
            lastFailure = null;
            fatalInARow = 0;
            log.atLevel(summary.isEmpty() ? Level.INFO : Level.WARN).log("{} works again{}", name, summary);
        }
    }

    /** A round has failed by an exception that it caught itself. */
    public void failed(Throwable failure) {
        failed(failure, failure instanceof Error);
    }

    private synchronized void failed(Throwable failure, boolean fatal) {
        // A failed round is a sign of life: work whose service is away for an hour is alive.
        lastSign.setRelease(System.nanoTime());
        boolean first = lastFailure == null;
        lastFailure = failure;
        failures.incrementAndGet();
        try {
            if (first && fatal) {
                log.error("{} failed and is started again", name, failure);
            } else if (first) {
                log.warn("{} failed and is tried again: {}", name, described(failure));
            } else {
                log.debug("{} failed again", name, failure);
            }
            if (fatal) {
                fatalInARow++;
                if (fatalInARow == FATAL_IN_A_ROW_MAX) {
                    log.error("{} failed {} times in a row; this node is not ready", name, FATAL_IN_A_ROW_MAX);
                    whenFailed.run();
                }
            }
        } catch (Throwable second) {
            // Without memory even a log line may fail. The work goes on, and the failure is counted.
            failures.incrementAndGet();
        }
    }

    /** A library's thread has ended by a failure, and nothing can start it again but a new process. */
    public void ended(Throwable failure) {
        started();
        if (!ended) {
            ended = true;
            log.error("{} has ended; this node is not ready and has to be started again", name, failure);
        }
        failed(failure, true);
    }

    /** Makes the next round fail at its end. For tests of what supervises the work. */
    void failNextRound(Error failure) {
        injected.set(failure);
    }

    /** From now on silence counts. */
    public void started() {
        if (!started) {
            long now = System.nanoTime();
            lastRound.setRelease(now);
            lastSign.setRelease(now);
            started = true;
        }
    }

    /** The normal end. */
    public void stopped() {
        started = false;
    }

    /** With the first cause: the type of the outermost one seldom says which service is away. */
    private static String described(Throwable failure) {
        if (failure instanceof FailureSeries.Failure) {
            return String.valueOf(failure.getMessage());
        }
        Throwable root = Causes.root(failure);
        return root.equals(failure) ? failure.toString() : failure + "; caused by " + root;
    }

    private long backoffMillis() {
        return Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS << Math.min(fatalInARow, 10));
    }

    public String name() {
        return name;
    }

    public State state() {
        if (!started) {
            return State.STOPPED;
        }
        if (ended || fatalInARow >= FATAL_IN_A_ROW_MAX) {
            return State.FAILED;
        }
        if (isSilent()) {
            return State.SILENT;
        }
        return lastFailure == null ? State.RUNNING : State.RETRYING;
    }

    /** Whether it works, is tried again, or does not have to run. */
    boolean isUp() {
        State now = state();
        return now != State.FAILED && now != State.SILENT;
    }

    /** Whether the node has to be unready because of it. */
    boolean isDown() {
        State now = state();
        return now == State.FAILED || (now == State.SILENT && !optional);
    }

    private boolean isSilent() {
        if (rounds.isEmpty()) {
            return !onDemand && System.nanoTime() - lastSign.getAcquire() > silentMax.toNanos();
        }
        return silence().compareTo(silentMax) > 0;
    }

    /** Longest time without progress of a round that is under way, zero if none is. */
    public Duration silence() {
        return rounds.silence();
    }

    /** Time since the last completed round, or since the start. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - lastRound.getAcquire());
    }

    /** Failed rounds since the process started. */
    public long failures() {
        return failures.get();
    }

    @Nullable
    String lastFailure() {
        Throwable failure = lastFailure;
        return failure == null ? null : described(failure);
    }

    double silenceSeconds() {
        return silence().toMillis() / (double) TimeUnit.SECONDS.toMillis(1);
    }

    double ageSeconds() {
        return age().toMillis() / (double) TimeUnit.SECONDS.toMillis(1);
    }
}
