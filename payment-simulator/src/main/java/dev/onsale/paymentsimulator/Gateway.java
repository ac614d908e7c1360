package dev.onsale.paymentsimulator;

import dev.onsale.paymentsimulator.Authorization.Decision;
import dev.onsale.paymentsimulator.IdempotencyKeys.Begun;
import dev.onsale.paymentsimulator.LedgerEntry.Kind;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes each request once. A single thread decides, writes to the journal and books, in this order, so nothing is
 * visible before it is written and no event loop waits.
 */
final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final Clock clock;
    private final Chance chance;
    private final Ledger ledger;
    private final IdempotencyKeys keys;
    private final Journal journal;
    private final ScheduledThreadPoolExecutor bookkeeper;
    private final @Nullable WebhookSender webhooks;
    private volatile SimulatorSettings settings;

    Gateway(SimulatorOptions options, Clock clock) {
        this.clock = clock;
        this.chance = new Chance(options.seed());
        this.ledger = new Ledger(options.limits().charges());
        this.keys = new IdempotencyKeys(
                clock,
                options.idempotencyRetention(),
                options.limits().idempotencyKeys(),
                options.limits().inFlight());
        this.settings = SimulatorSettings.of(options);
        this.webhooks = options.webhooks() == null ? null : new WebhookSender(options.webhooks(), chance, clock);
        this.journal = options.ledgerFile() == null
                ? Journal.inMemory()
                : FileJournal.open(options.ledgerFile(), this::replay);
        this.bookkeeper = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("payment-simulator-ledger").factory());
        bookkeeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * The future always completes unless the gateway is closed. The request is executed even if the client disconnects.
     */
    CompletableFuture<Delivery> submit(String key, Change change) {
        var begun = keys.begin(key, change);
        return switch (begun) {
            case Begun.Repeated repeated -> CompletableFuture.completedFuture(Delivery.whole(repeated.answer()));
            case Begun.Refused refused ->
                CompletableFuture.completedFuture(Delivery.whole(Answer.problem(refused.code(), refused.detail())));
            case Begun.Started started -> schedule(new Execution(key, change, started.attempt(), settings));
        };
    }

    Answer findById(String id) {
        var found = ledger.find(id);
        return found == null ? unknown(id) : Answer.json(200, AuthorizationView.of(found));
    }

    Answer findByKey(String key) {
        // In this order: what is not pending any more is in the ledger.
        if (keys.pending(key) instanceof Change.Authorize pending) {
            return Answer.json(202, new PendingView("PENDING", pending.amount(), pending.reference(), key))
                    .retryAfter(1);
        }
        var found = ledger.findByKey(key);
        return found == null
                ? Answer.problem(
                        ProblemCode.AUTHORIZATION_UNKNOWN, "No authorization has this key, and none is in progress.")
                : Answer.json(200, AuthorizationView.of(found));
    }

    Answer page(long after, int limit) {
        return Answer.json(200, ledger.page(after, limit));
    }

    Answer balances() {
        return Answer.json(200, ledger.balances());
    }

    Answer health() {
        return Answer.json(200, new Health("UP", keys.inFlightCount(), ledger.nextSequence() - 1));
    }

    SimulatorSettings settings() {
        return settings;
    }

    void change(SimulatorSettings changed) {
        settings = changed;
        LOG.info("Changed the settings to {}", changed);
    }

    @Override
    public void close() {
        bookkeeper.shutdownNow();
        if (webhooks != null) {
            webhooks.close();
        }
        try {
            if (!bookkeeper.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The ledger thread did not stop within {}", STOP_LIMIT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            journal.close();
        } catch (IOException failed) {
            LOG.warn("Could not close the ledger file", failed);
        }
    }

    private CompletableFuture<Delivery> schedule(Execution execution) {
        var result = new CompletableFuture<Delivery>();
        try {
            var unused = bookkeeper.schedule(
                    () -> result.complete(execute(execution)), delay(execution).toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            keys.failed(execution.key());
            result.complete(
                    Delivery.whole(Answer.problem(ProblemCode.LEDGER_UNAVAILABLE, "The simulator is stopping.")));
        }
        return result;
    }

    private Duration delay(Execution execution) {
        var now = execution.settings();
        return execution.change() instanceof Change.Authorize
                ? chance.delay(execution.key(), execution.attempt(), now.delayMin(), now.delayMax())
                : now.bookingDelay();
    }

    private Delivery execute(Execution execution) {
        var faults = execution.settings().faults();
        if (strikes(execution, "error-before-effect", faults.errorBeforeEffectProbability())) {
            return withoutEffect(
                    execution, ProblemCode.INJECTED_FAULT, "Nothing was booked. A repeat is a new attempt.");
        }
        try {
            var outcome = decide(execution);
            if (outcome.entry() == null && outcome.answer().status() >= 500) {
                keys.failed(execution.key());
                return Delivery.whole(outcome.answer());
            }
            book(execution, outcome);
            return deliver(execution, outcome.answer());
        } catch (IOException failed) {
            LOG.error("The ledger file cannot be written; nothing was booked", failed);
            return withoutEffect(execution, ProblemCode.LEDGER_UNAVAILABLE, "Nothing was booked.");
        } catch (RuntimeException failed) {
            LOG.error("A request failed", failed);
            return withoutEffect(execution, ProblemCode.INTERNAL_ERROR, "See the log of the simulator.");
        }
    }

    private void book(Execution execution, Outcome outcome) throws IOException {
        journal.append(new Journal.Line(
                clock.instant(), execution.key(), execution.change().fingerprint(), outcome.answer(), outcome.entry()));
        if (outcome.entry() != null) {
            ledger.apply(outcome.entry());
            if (webhooks != null) {
                webhooks.publish(outcome.entry());
            }
        }
        keys.answered(execution.key(), outcome.answer());
    }

    private void replay(Journal.Line line) {
        if (line.entry() != null) {
            ledger.apply(line.entry());
        }
        keys.restore(line.idempotencyKey(), line.fingerprint(), line.answer(), line.time());
    }

    private Outcome decide(Execution execution) {
        return switch (execution.change()) {
            case Change.Authorize authorize -> authorize(execution, authorize);
            case Change.Capture capture -> {
                var found = ledger.find(capture.authorizationId());
                yield found == null
                        ? Outcome.refused(unknown(capture.authorizationId()))
                        : follow(execution, found, found.capture(capture.amount()));
            }
            case Change.VoidAuthorization voided -> {
                var found = ledger.find(voided.authorizationId());
                yield found == null
                        ? Outcome.refused(unknown(voided.authorizationId()))
                        : follow(execution, found, found.voided());
            }
            case Change.Refund refund -> {
                var found = ledger.find(refund.authorizationId());
                yield found == null
                        ? Outcome.refused(unknown(refund.authorizationId()))
                        : follow(execution, found, found.refund(refund.amount()));
            }
        };
    }

    private Outcome authorize(Execution execution, Change.Authorize wanted) {
        if (ledger.isFull()) {
            return Outcome.refused(
                    Answer.problem(ProblemCode.LEDGER_FULL, "Increase --charges-max and restart the simulator."));
        }
        var key = execution.key();
        var declined = PaymentToken.forcedDecline(wanted.paymentToken());
        boolean drawn = declined == null && !PaymentToken.forcesApproval(wanted.paymentToken());
        if (drawn && !chance.approves(key, execution.settings().successRate())) {
            declined = chance.declineCode(key);
        }
        var entry = new LedgerEntry(
                ledger.nextSequence(),
                clock.instant(),
                declined == null ? Kind.AUTHORIZED : Kind.DECLINED,
                unusedAuthorizationId(key),
                wanted.reference(),
                wanted.amount(),
                key,
                declined);
        var view = AuthorizationView.of(Authorization.opened(entry));
        return new Outcome(Answer.json(201, view).at("/v1/authorizations/" + entry.authorizationId()), entry);
    }

    private Outcome follow(Execution execution, Authorization before, Decision decision) {
        return switch (decision) {
            case Decision.Refused refused -> Outcome.refused(Answer.problem(refused.code(), refused.detail()));
            case Decision.Booked booked -> {
                var entry = new LedgerEntry(
                        ledger.nextSequence(),
                        clock.instant(),
                        booked.kind(),
                        before.id(),
                        before.reference(),
                        booked.amount(),
                        execution.key(),
                        null);
                yield new Outcome(Answer.json(200, AuthorizationView.of(before.evolve(entry))), entry);
            }
        };
    }

    private String unusedAuthorizationId(String key) {
        int number = 0;
        var id = chance.authorizationId(key, number);
        while (ledger.find(id) != null) {
            id = chance.authorizationId(key, ++number);
        }
        return id;
    }

    private Delivery deliver(Execution execution, Answer answer) {
        var faults = execution.settings().faults();
        boolean losing = execution.change() instanceof Change.Authorize authorize
                && PaymentToken.APPROVED_ANSWER_LOST.equals(authorize.paymentToken());
        if (losing || strikes(execution, "answer-lost", faults.answerLostProbability())) {
            return Delivery.lost(answer);
        }
        return strikes(execution, "slow-answer", faults.slowAnswerProbability())
                ? Delivery.slow(answer, faults.slowAnswerBytesPerSecond())
                : Delivery.whole(answer);
    }

    private boolean strikes(Execution execution, String fault, double probability) {
        return probability > 0 && chance.strikes(fault, execution.key(), execution.attempt(), probability);
    }

    private Delivery withoutEffect(Execution execution, ProblemCode code, String detail) {
        keys.failed(execution.key());
        return Delivery.whole(Answer.problem(code, detail));
    }

    static Answer unknown(String id) {
        return Answer.problem(ProblemCode.AUTHORIZATION_UNKNOWN, "There is no authorization " + id + ".");
    }

    /** With the settings at arrival, so that a change does not affect a request half-way. */
    private record Execution(String key, Change change, int attempt, SimulatorSettings settings) {}

    private record Outcome(Answer answer, @Nullable LedgerEntry entry) {
        static Outcome refused(Answer answer) {
            return new Outcome(answer, null);
        }
    }

    private record PendingView(String status, Amount amount, String reference, String idempotencyKey) {}

    private record Health(String status, int inFlight, long ledgerEntries) {}
}
