package dev.onsale.saga.step;

import dev.onsale.platform.supervision.SupervisedWork;

/** Runs handlers, and reports how each run ended. Thread-safe. */
final class StepRunner {

    private final SupervisedWork taking;
    private final StepFailures failures;

    StepRunner(SupervisedWork taking, StepFailures failures) {
        this.taking = taking;
        this.failures = failures;
    }

    <S extends Step> StepResult run(StepHandler<S> handler, S step) throws InterruptedException {
        taking.begin();
        try {
            StepResult result = handler.take(step);
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

    private void failed(Step step, Throwable failure) {
        failures.failed(step, failure);
        if (failure instanceof Error) {
            taking.failed(failure);
        }
    }
}
