package dev.onsale.saga.step;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.event.SchedulerListener;
import dev.onsale.platform.supervision.NodeLeaseLost;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.spring.config.SpringAxonConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/**
 * Takes due steps while the application runs. It is no {@code Scheduler} bean on purpose: Axon would build a deadline
 * manager on it whose deadlines nobody takes.
 */
final class StepScheduler implements SmartLifecycle, Supervised {

    private static final Duration SILENT_MAX = Duration.ofMinutes(2);

    /** After Axon with its command handlers, before the web server; on the way down the other way round. */
    static final int PHASE = SpringAxonConfiguration.LIFECYCLE_PHASE + 1;

    private final Function<SchedulerListener, Scheduler> schedulers;
    private final InMemoryStepQueue firstTries;
    private final Supplier<List<StepHandler<?>>> handlers;
    private final SupervisedWork polling = new SupervisedWork("saga-step-scheduler", SILENT_MAX);
    private volatile @Nullable Scheduler running;

    /**
     * @param schedulers makes a new one for each start, as db-scheduler's cannot start again once stopped
     */
    StepScheduler(
            Function<SchedulerListener, Scheduler> schedulers,
            InMemoryStepQueue firstTries,
            Supplier<List<StepHandler<?>>> handlers) {
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

    /** Another node takes commands: its scheduler takes over the steps of this one. */
    @EventListener
    void on(NodeLeaseLost lost) {
        stop();
    }

    @Override
    public synchronized void start() {
        if (running == null) {
            Scheduler scheduler = schedulers.apply(new Polls());
            scheduler.start();
            running = scheduler;
            polling.started();
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
            polling.stopped();
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(polling);
    }

    /** db-scheduler catches and logs what its loops throw, and informs its listeners. */
    private final class Polls extends AbstractSchedulerListener {

        @Override
        public void onSchedulerEvent(SchedulerEventType event) {
            switch (event) {
                case RAN_EXECUTE_DUE -> polling.completed();
                case UNEXPECTED_ERROR -> polling.failed(new IllegalStateException("see the log of db-scheduler"));
                default -> {}
            }
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
