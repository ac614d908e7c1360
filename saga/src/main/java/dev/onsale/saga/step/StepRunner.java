package dev.onsale.saga.step;

import dev.onsale.platform.supervision.SupervisedWork;
import java.util.Map;
import java.util.Objects;

/** Runs handlers, and reports how each run ended. Thread-safe. */
final class StepRunner {

    private final SupervisedWork taking;
    private final StepFailures failures;
    private volatile Map<String, StepHandler<?>> handlers = Map.of();

    StepRunner(SupervisedWork taking, StepFailures failures) {
        this.taking = taking;
        this.failures = failures;
    }

    /** Sets the handlers of steps that follow in the same run, by kind. */
    void serve(Map<String, StepHandler<?>> byKind) {
        handlers = Map.copyOf(byKind);
    }

    <S extends Step> StepResult run(StepHandler<S> handler, S step) throws InterruptedException {
        taking.begin();
        try {
            StepResult result = handler.take(step);
            while (result instanceof StepResult.Then then) {
                result = follow(handler, step, then.next());
            }
            if (result instanceof StepResult.Unresolved unresolved && unresolved.failure() != null) {
                failed(step, unresolved.failure());
            } else {
                taking.completed();
                failures.ended(step, result);
            }
            return result;
        } catch (RuntimeException | Error failure) {
            failed(step, failure);
            throw failure;
        } finally {
            taking.end();
        }
    }

    /** What follows is not stored, so its failure takes the run back to the step that is. */
    private <S extends Step> StepResult follow(StepHandler<S> first, S stored, Step next) throws InterruptedException {
        StepHandler<?> handler = Objects.requireNonNull(handlers.get(next.kind()), next::kind);
        try {
            return take(handler, next);
        } catch (RuntimeException | Error failure) {
            return StepResult.Unresolved.failed(first.interrupted(stored), failure);
        }
    }

    private static <S extends Step> StepResult take(StepHandler<S> handler, Step step) throws InterruptedException {
        return handler.take(handler.type().cast(step));
    }

    private void failed(Step step, Throwable failure) {
        failures.failed(step, failure);
        if (failure instanceof Error) {
            taking.failed(failure);
        }
    }
}
