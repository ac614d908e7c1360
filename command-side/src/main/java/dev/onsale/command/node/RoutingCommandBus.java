package dev.onsale.command.node;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.command.node.NodePeer.Reply;
import dev.onsale.command.store.ShardNotOwnedException;
import dev.onsale.command.store.ShardOwnership;
import dev.onsale.command.store.Shards;
import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.callbacks.NoOpCallback;
import org.axonframework.common.Registration;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each command to the node that owns its shard: to the bus of this node, or over a connection. A command that was certainly not
 * taken is sent again for a moment, because its shard may be on its way to another node. A command whose connection was lost is never
 * sent again: its outcome is unknown, and the caller learns it by a repeat with the same ids.
 *
 * <p>Thread-safe. Answers of other nodes come on the thread of the connection.
 */
final class RoutingCommandBus implements CommandBus, Supervised, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RoutingCommandBus.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration SILENT_MAX = Duration.ofMinutes(1);
    private static final int WAITING_MAX = 10_000;

    private final CommandBus local;
    private final NodeMembership membership;
    private final NodePeers peers;
    private final PeriodicTasks timer = new PeriodicTasks("command-routing");
    private final SupervisedWork work = SupervisedWork.onDemand("command-routing", SILENT_MAX);

    /** Commands that wait to be sent again. */
    private final Set<Routed<?, ?>> waiting = ConcurrentHashMap.newKeySet();

    RoutingCommandBus(CommandBus local, NodeMembership membership, NodePeers peers) {
        this.local = local;
        this.membership = membership;
        this.peers = peers;
    }

    /** A command on its way. */
    private final class Routed<C, R> {

        private final CommandMessage<C> command;
        private final CommandCallback<? super C, ? super R> callback;
        private final int shard;
        private final long deadline = System.nanoTime() + PATIENCE.toNanos();

        Routed(CommandMessage<C> command, CommandCallback<? super C, ? super R> callback, int shard) {
            this.command = command;
            this.callback = callback;
            this.shard = shard;
        }

        void send() {
            if (membership.epoch(shard) != ShardOwnership.NOT_OWNED) {
                sendHere();
                return;
            }
            Member owner = membership.map().ownerOf(shard);
            if (owner == null || owner.id().equals(membership.id())) {
                later();
            } else {
                try {
                    sendTo(owner);
                } catch (RuntimeException failure) {
                    log.error("A command could not be sent to the node {}", owner.id(), failure);
                    refuse(RefusalCode.TEMPORARILY_UNAVAILABLE, "The command could not be sent; try again shortly");
                }
            }
        }

        private void sendHere() {
            local.<C, R>dispatch(command, (message, result) -> {
                if (result.isExceptional() && result.exceptionResult() instanceof ShardNotOwnedException) {
                    later();
                } else {
                    callback.onResult(command, result);
                }
            });
        }

        private void sendTo(Member owner) {
            peers.send(owner, CommandCodec.write(command), new Reply() {
                @Override
                public void answered(byte[] answer) {
                    answer(read(answer));
                }

                @Override
                public void notTaken() {
                    later();
                }

                @Override
                public void unknown() {
                    refuse(
                            RefusalCode.TEMPORARILY_UNAVAILABLE,
                            "The outcome is not known yet; repeat with the same Idempotency-Key to learn it");
                }
            });
        }

        private void later() {
            if (System.nanoTime() > deadline || waiting.size() >= WAITING_MAX) {
                refuse(
                        RefusalCode.OVERLOADED,
                        "No node takes commands for this sale at the moment and nothing was done; try again shortly");
                return;
            }
            membership.lookSoon();
            waiting.add(this);
            try {
                timer.after(PAUSE, work, this::again);
            } catch (RejectedExecutionException closed) {
                again();
            }
        }

        void again() {
            if (!waiting.remove(this)) {
                return;
            }
            if (timer.isStopped()) {
                refuse(RefusalCode.OVERLOADED, "This node stops and nothing was done; try again shortly");
            } else {
                send();
            }
        }

        private void refuse(RefusalCode code, String detail) {
            answer(GenericCommandResultMessage.asCommandResultMessage(new RefusedException(code, detail, RETRY_AFTER)));
        }

        /** A receiver that fails must not end the connection that other answers use. */
        @SuppressWarnings("unchecked") // The owner's handler has the same type of answer as the handler of this node.
        private void answer(CommandResultMessage<Object> result) {
            try {
                callback.onResult(command, (CommandResultMessage<R>) result);
            } catch (RuntimeException failure) {
                log.error("The receiver of an answer failed; the answer stands", failure);
            }
        }
    }

    private static CommandResultMessage<Object> read(byte[] answer) {
        try {
            return CommandCodec.readAnswer(answer);
        } catch (RuntimeException unreadable) {
            log.error("The answer of another node cannot be read", unreadable);
            return GenericCommandResultMessage.asCommandResultMessage(new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE,
                    "The answer of another node cannot be read; try again shortly"));
        }
    }

    @Override
    public <C> void dispatch(CommandMessage<C> command) {
        dispatch(command, NoOpCallback.INSTANCE);
    }

    @Override
    public <C, R> void dispatch(CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
        if (command.getPayload() instanceof OnsaleCommand known) {
            new Routed<C, R>(command, callback, Shards.of(known.routingKey())).send();
        } else {
            local.dispatch(command, callback);
        }
    }

    @Override
    public Registration subscribe(String commandName, MessageHandler<? super CommandMessage<?>> handler) {
        return local.subscribe(commandName, handler);
    }

    /** Interceptors apply where a command is decided. */
    @Override
    public Registration registerDispatchInterceptor(
            MessageDispatchInterceptor<? super CommandMessage<?>> dispatchInterceptor) {
        return local.registerDispatchInterceptor(dispatchInterceptor);
    }

    @Override
    public Registration registerHandlerInterceptor(
            MessageHandlerInterceptor<? super CommandMessage<?>> handlerInterceptor) {
        return local.registerHandlerInterceptor(handlerInterceptor);
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public void close() {
        timer.stopNow(RETRY_AFTER);
        waiting.forEach(Routed::again);
        peers.close();
    }
}
