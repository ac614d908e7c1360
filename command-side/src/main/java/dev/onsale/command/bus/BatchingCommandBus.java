package dev.onsale.command.bus;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.command.store.GroupCommitEventStorageEngine;
import dev.onsale.command.store.OutcomeUnknownException;
import dev.onsale.command.store.ShardNotOwnedException;
import dev.onsale.command.store.ShardOwnership;
import dev.onsale.command.store.Shards;
import dev.onsale.command.store.WriteClaim;
import dev.onsale.platform.failure.Causes;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.Registration;
import org.axonframework.messaging.DefaultInterceptorChain;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every routing key one writer, and lets a writer decide all commands that wait for it as one batch: one root unit of work
 * with each command in a nested one, so that a hot aggregate is loaded once, its facts are appended once, and one command's
 * failure is its own. An answer goes out only after the batch is committed.
 *
 * <p>If the commit meets another writer's facts, or a handler fails after it applied some, the batch is decided again, command by
 * command, on fresh state: handlers have no side effects. A full queue refuses at once: under overload a quick refusal is better than a late answer.
 *
 * <p>A command is decided only while this node owns the shard of its key, and an answer that wrote nothing leaves only if the node
 * owned the shard until then. Otherwise the answer is a {@link ShardNotOwnedException}, and the owner may be asked.
 */
public final class BatchingCommandBus extends SimpleCommandBus implements Supervised {

    private static final Logger log = LoggerFactory.getLogger(BatchingCommandBus.class);
    private static final int BATCH_SIZE_MAX = 512;
    /** Longer than a writer waits for a store that is away. */
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);

    private final List<Writer> writers;
    private final List<MessageHandlerInterceptor<? super CommandMessage<?>>> interceptors =
            new CopyOnWriteArrayList<>();
    private final BatchPreparation preparation;
    private final DistributionSummary batchSize;
    private final Counter reexecuted;
    private final Counter refused;
    private volatile boolean draining;
    private final ShardOwnership ownership;

    /** Reads ahead what a batch of commands will ask for. */
    @FunctionalInterface
    public interface BatchPreparation {
        void prepare(List<OnsaleCommand> commands, WriteClaim claim, UnitOfWork<?> root);

        /** A batch ended by an {@code Error}: aggregates in memory may be ahead of the store. */
        default void forgetAll() {}
    }

    /**
     * @param writerCount threads that decide, each for its share of the routing keys
     * @param queueDepthMax commands that may wait for one writer
     */
    public BatchingCommandBus(
            SimpleCommandBus.Builder builder,
            int writerCount,
            int queueDepthMax,
            BatchPreparation preparation,
            MeterRegistry registry) {
        this(builder, writerCount, queueDepthMax, preparation, ShardOwnership.ALL, registry);
    }

    /** As above, for one of several nodes. */
    public BatchingCommandBus(
            SimpleCommandBus.Builder builder,
            int writerCount,
            int queueDepthMax,
            BatchPreparation preparation,
            ShardOwnership ownership,
            MeterRegistry registry) {
        super(builder);
        this.ownership = ownership;
        this.preparation = preparation;
        List<Writer> threads = new ArrayList<>();
        for (int index = 0; index < writerCount; index++) {
            threads.add(new Writer("writer-" + index, queueDepthMax));
        }
        writers = List.copyOf(threads);
        batchSize = DistributionSummary.builder("onsale.writer.batch.commands")
                .description("Commands decided as one batch")
                .register(registry);
        reexecuted = Counter.builder("onsale.writer.reexecuted.commands")
                .description("Commands decided again, alone: their batch lost against another writer or was spoiled")
                .register(registry);
        refused = Counter.builder("onsale.writer.refused.commands")
                .description("Commands refused because their writer's queue was full")
                .register(registry);
        Gauge.builder("onsale.writer.queue.depth", this, BatchingCommandBus::queueDepth)
                .description("Commands that wait for a writer")
                .register(registry);
        writers.forEach(writer -> writer.thread.start());
    }

    /** A command that waits for its answer. It belongs to one thread at a time. */
    private static final class Pending<C> {

        private final CommandMessage<C> command;
        private final MessageHandler<? super CommandMessage<?>> handler;
        private final CommandCallback<? super C, Object> callback;
        private final ShardOwnership ownership;
        private final int shard;
        private boolean answered;

        Pending(
                CommandMessage<C> command,
                MessageHandler<? super CommandMessage<?>> handler,
                CommandCallback<? super C, Object> callback,
                ShardOwnership ownership) {
            this.command = command;
            this.handler = handler;
            this.callback = callback;
            this.ownership = ownership;
            this.shard = Shards.of(routingKey(command));
        }

        CommandMessage<C> command() {
            return command;
        }

        MessageHandler<? super CommandMessage<?>> handler() {
            return handler;
        }

        boolean isOpen() {
            return !answered;
        }

        void answer(CommandResultMessage<Object> result) {
            answered = true;
            ownership.leave(shard);
            try {
                callback.onResult(command, withoutError(result));
            } catch (Throwable e) {
                log.error("The receiver of an answer failed; the answer stands", e);
            }
        }

        /** Reactive callers do not deliver some errors, and the request would hang. */
        private static CommandResultMessage<Object> withoutError(CommandResultMessage<Object> result) {
            if (!result.isExceptional() || !(result.exceptionResult() instanceof Error error)) {
                return result;
            }
            log.error("A command failed by an error; nothing was written", error);
            return broken();
        }
    }

    private static CommandResultMessage<Object> broken() {
        return GenericCommandResultMessage.asCommandResultMessage(new RefusedException(
                RefusalCode.TEMPORARILY_UNAVAILABLE, "The command failed and nothing was written; try again"));
    }

    @Override
    public Registration registerHandlerInterceptor(
            MessageHandlerInterceptor<? super CommandMessage<?>> handlerInterceptor) {
        interceptors.add(handlerInterceptor);
        return () -> interceptors.remove(handlerInterceptor);
    }

    @Override
    @SuppressWarnings("unchecked") // A callback that takes any answer takes the answer of this command.
    protected <C, R> void handle(
            CommandMessage<C> command,
            MessageHandler<? super CommandMessage<?>> handler,
            CommandCallback<? super C, ? super R> callback) {
        Pending<C> pending = new Pending<>(command, handler, (CommandCallback<? super C, Object>) callback, ownership);
        if (!ownership.enter(pending.shard)) {
            pending.callback.onResult(command, notOwned());
            return;
        }
        Writer writer = writerOf(command);
        if (draining || !writer.queue.offer(pending) || (writer.ended && writer.queue.remove(pending))) {
            refuse(pending);
        }
    }

    private void refuse(Pending<?> pending) {
        refused.increment();
        pending.answer(GenericCommandResultMessage.asCommandResultMessage(new RefusedException(
                RefusalCode.OVERLOADED, "The command was not taken and nothing was done; try again shortly")));
    }

    /** Commands that wait for a writer now. */
    public int queueDepth() {
        return writers.stream().mapToInt(writer -> writer.queue.size()).sum();
    }

    /** Takes no more commands and finishes those that wait; what still waits when time has run out is refused. */
    public void drain(Duration patience) {
        draining = true;
        long deadline = System.nanoTime() + patience.toNanos();
        for (Writer writer : writers) {
            try {
                writer.thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
                if (writer.thread.isAlive()) {
                    log.warn(
                            "{} still had {} commands when time ran out", writer.thread.getName(), writer.queue.size());
                    writer.thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static String routingKey(CommandMessage<?> message) {
        return message.getPayload() instanceof OnsaleCommand command ? command.routingKey() : message.getIdentifier();
    }

    private Writer writerOf(CommandMessage<?> message) {
        int hash = routingKey(message).hashCode();
        return writers.get(Math.floorMod(hash ^ (hash >>> 16), writers.size()));
    }

    private final class Writer {

        private final BlockingQueue<Pending<?>> queue;
        private final SupervisedWork work;
        private final Thread thread;

        /** From now on waiting commands are refused. */
        private volatile boolean ended;

        Writer(String name, int queueDepthMax) {
            this.queue = new ArrayBlockingQueue<>(queueDepthMax);
            this.work = new SupervisedWork(name, SILENT_MAX);
            this.thread = work.thread(this::run);
        }

        private void run() {
            try {
                work.restarting(() -> draining && queue.isEmpty(), this::decideAsTheyCome)
                        .run();
            } finally {
                // A caller that adds a command after this removes it again, so each command is answered once.
                ended = true;
                for (Pending<?> left = queue.poll(); left != null; left = queue.poll()) {
                    refuse(left);
                }
            }
        }

        private void decideAsTheyCome() throws InterruptedException {
            List<Pending<?>> batch = new ArrayList<>(BATCH_SIZE_MAX);
            while (!draining || !queue.isEmpty()) {
                try {
                    Pending<?> first = queue.poll(50, TimeUnit.MILLISECONDS);
                    if (first != null) {
                        batch.add(first);
                        queue.drainTo(batch, BATCH_SIZE_MAX - 1);
                        batchSize.record(batch.size());
                        decide(batch);
                    }
                    work.completed();
                } catch (InterruptedException e) {
                    if (draining) {
                        throw e;
                    }
                    // Axon interrupts a unit of work that lasts too long. Its commands are answered; the writer
                    // continues.
                    log.warn("{} was interrupted in its work and goes on", work.name());
                } catch (Throwable failure) {
                    // Failures of the commit are answered already. Here nothing of an open command is written.
                    work.failed(failure);
                    batch.stream().filter(Pending::isOpen).forEach(pending -> pending.answer(broken()));
                    preparation.forgetAll();
                } finally {
                    batch.clear();
                }
            }
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return writers.stream().map(writer -> writer.work).toList();
    }

    private void decide(List<Pending<?>> batch) {
        List<CommandResultMessage<Object>> results = new ArrayList<>(batch.size());
        try {
            results = decideTogether(batch);
        } catch (OutcomeUnknownException unknown) {
            // Deciding again could write a second time what is already written.
            answerAll(batch, unknown(unknown));
            return;
        } catch (RuntimeException failure) {
            // While the store is away, each single command would wait for it and block the writer.
            if (batch.size() == 1 || isStoreAway(failure)) {
                answerAll(batch, GenericCommandResultMessage.asCommandResultMessage(failure));
                return;
            }
            reexecuted.increment(batch.size());
            batch.forEach(pending -> decide(List.of(pending)));
            return;
        }
        for (int index = 0; index < batch.size(); index++) {
            batch.get(index).answer(results.get(index));
        }
    }

    private static boolean isStoreAway(Throwable failure) {
        SQLException sql = Causes.find(failure, SQLException.class);
        return sql instanceof SQLTransientConnectionException
                || (sql != null
                        && sql.getSQLState() != null
                        && sql.getSQLState().startsWith("08"));
    }

    private List<CommandResultMessage<Object>> decideTogether(List<Pending<?>> batch) {
        List<CommandResultMessage<Object>> results = new ArrayList<>(batch.size());
        UnitOfWork<CommandMessage<?>> root =
                DefaultUnitOfWork.startAndGet(batch.getFirst().command());
        root.resources().put(GroupCommitEventStorageEngine.GROUPED, true);
        WriteClaim claim = new WriteClaim(ownership);
        claim.attachTo(root);
        try {
            List<OnsaleCommand> commands = new ArrayList<>(batch.size());
            for (Pending<?> pending : batch) {
                if (claim.add(pending.shard) && pending.command().getPayload() instanceof OnsaleCommand command) {
                    commands.add(command);
                }
            }
            preparation.prepare(commands, claim, root);
            for (Pending<?> pending : batch) {
                results.add(decideOwned(pending, claim, batch.size() == 1));
            }
        } catch (RuntimeException | Error failure) {
            root.rollback(failure);
            throw failure;
        }
        try {
            root.commit();
        } catch (Error failure) {
            // Axon rolls a unit of work back after an exception and not after an error.
            preparation.forgetAll();
            throw new OutcomeUnknownException("A batch failed while it was committed", failure);
        }
        return results;
    }

    /** What wrote nothing is true only if no other node could have written meanwhile. The commit checks what wrote something. */
    private CommandResultMessage<Object> decideOwned(Pending<?> pending, WriteClaim claim, boolean alone) {
        if (claim.epoch(pending.shard) == ShardOwnership.NOT_OWNED) {
            return notOwned();
        }
        UnitOfWork<CommandMessage<?>> nested = DefaultUnitOfWork.startAndGet(pending.command());
        claim.mark(nested, pending.shard);
        CommandResultMessage<Object> result = decideNested(pending, nested, alone);
        // What a failed command applied is rolled back, so the commit does not check it.
        boolean wrote = !result.isExceptional() && nested.getResource(RefusalInterceptor.FACTS_APPLIED) != null;
        return wrote || claim.isHeld(pending.shard) ? result : notOwned();
    }

    private static CommandResultMessage<Object> notOwned() {
        return GenericCommandResultMessage.asCommandResultMessage(
                new ShardNotOwnedException("This node does not own the shard of the command"));
    }

    private CommandResultMessage<Object> decideNested(
            Pending<?> pending, UnitOfWork<CommandMessage<?>> nested, boolean alone) {
        DefaultInterceptorChain<CommandMessage<?>> chain =
                new DefaultInterceptorChain<>(nested, interceptors, pending.handler());
        CommandResultMessage<Object> result = GenericCommandResultMessage.asCommandResultMessage(
                nested.executeWithResult(chain::proceed, RollbackConfigurationType.ANY_THROWABLE));
        if (!alone && result.isExceptional() && nested.getResource(RefusalInterceptor.FACTS_APPLIED) != null) {
            throw new SpoiledBatchException(result.exceptionResult());
        }
        return result;
    }

    /**
     * A handler failed after it had applied facts. They are rolled back, but the batch's aggregates, shared by its commands, have
     * seen them: the next command would go on from a state that never was.
     */
    private static final class SpoiledBatchException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        SpoiledBatchException(Throwable cause) {
            super("A command failed after it had applied facts", cause);
        }
    }

    private static void answerAll(List<Pending<?>> batch, CommandResultMessage<Object> result) {
        batch.forEach(pending -> pending.answer(result));
    }

    private static CommandResultMessage<Object> unknown(OutcomeUnknownException cause) {
        log.warn("The outcome of a batch is unknown: {}", cause.getMessage());
        return GenericCommandResultMessage.asCommandResultMessage(new RefusedException(
                RefusalCode.TEMPORARILY_UNAVAILABLE,
                "The outcome is not known yet; repeat with the same Idempotency-Key to learn it"));
    }
}
