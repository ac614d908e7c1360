package dev.onsale.saga.step;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Clock;

/** Lets db-scheduler run handlers, and turns their results into one write each. */
final class StepTasks {

    private final Clock clock;
    private final Backoff backoff;
    private final StepRunner runner;

    StepTasks(Clock clock, Backoff backoff, StepRunner runner) {
        this.clock = clock;
        this.backoff = backoff;
        this.runner = runner;
    }

    <S extends Step> Task<S> taskFor(StepHandler<S> handler) {
        return Tasks.custom(handler.kind(), handler.type())
                .onFailure((run, table) -> table.reschedule(
                        run,
                        clock.instant().plus(backoff.pause(run.getExecution().consecutiveFailures)),
                        step(handler, run)))
                .onDeadExecution(
                        (run, table) -> table.reschedule(run, clock.instant(), handler.interrupted(step(handler, run))))
                .execute((instance, context) ->
                        completion(handler, instance.getData(), context.getExecution().consecutiveFailures));
    }

    private <S extends Step> CompletionHandler<S> completion(StepHandler<S> handler, S step, int failures) {
        return switch (Outcome.of(step, take(handler, step), failures, backoff, clock.instant())) {
            case Outcome.Gone gone -> (run, table) -> table.remove();
            case Outcome.Later later -> {
                S again = handler.type().cast(later.step());
                yield (run, table) -> table.reschedule(later.failed() ? unsuccessful(run) : run, later.due(), again);
            }
            case Outcome.Replaced replaced -> {
                Step other = replaced.other();
                yield (run, table) -> table.removeAndScheduleNew(
                        SchedulableInstance.of(new TaskInstance<>(other.kind(), other.id(), other), replaced.due()));
            }
        };
    }

    /** What it throws makes the scheduler try the step again later. The scheduler does not log what is logged here. */
    private <S extends Step> StepResult take(StepHandler<S> handler, S step) {
        try {
            return runner.run(handler, step);
        } catch (InterruptedException e) {
            // Not interrupted again on purpose: the step has yet to be written back, over a connection.
            throw new IllegalStateException("The node stops", e);
        }
    }

    private static <S extends Step> S step(StepHandler<S> handler, ExecutionComplete run) {
        return handler.type().cast(run.getExecution().taskInstance.getData());
    }

    /** Counts as a failed try, which makes the next pause longer. */
    private static ExecutionComplete unsuccessful(ExecutionComplete run) {
        Execution execution = run.getExecution();
        return ExecutionComplete.failure(
                execution, run.getTimeDone().minus(run.getDuration()), run.getTimeDone(), new NoOutcome());
    }

    private static final class NoOutcome extends RuntimeException {
        NoOutcome() {
            super("No outcome yet", null, false, false);
        }
    }
}
