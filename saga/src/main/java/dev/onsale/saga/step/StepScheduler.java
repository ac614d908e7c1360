package dev.onsale.saga.step;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.util.List;
import java.util.function.Supplier;
import org.axonframework.spring.config.SpringAxonConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Takes due steps while the application runs. It is no {@code Scheduler} bean on purpose: Axon would build a deadline
 * manager on it whose deadlines nobody takes.
 */
final class StepScheduler implements SmartLifecycle {

    /** After Axon with its command handlers, before the web server; on the way down the other way round. */
    static final int PHASE = SpringAxonConfiguration.LIFECYCLE_PHASE + 1;

    private final Supplier<Scheduler> schedulers;
    private final FirstTries firstTries;
    private final Supplier<List<StepHandler<?>>> handlers;
    private volatile @Nullable Scheduler running;

    /**
     * @param schedulers makes a new one for each start, as db-scheduler's cannot start again once stopped
     */
    StepScheduler(Supplier<Scheduler> schedulers, FirstTries firstTries, Supplier<List<StepHandler<?>>> handlers) {
        this.schedulers = schedulers;
        this.firstTries = firstTries;
        this.handlers = handlers;
    }

    /** Looks for due steps now rather than with the next poll. */
    void wake() {
        Scheduler current = running;
        if (current != null) {
            current.triggerCheckForDueExecutions();
        }
    }

    @Override
    public synchronized void start() {
        if (running == null) {
            Scheduler scheduler = schedulers.get();
            scheduler.start();
            running = scheduler;
            firstTries.start(handlers.get(), this::wake);
        }
    }

    @Override
    public synchronized void stop() {
        Scheduler current = running;
        if (current != null) {
            // First, so that what they give back is in the table before the last poll of this node.
            firstTries.stop();
            running = null;
            current.stop();
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
