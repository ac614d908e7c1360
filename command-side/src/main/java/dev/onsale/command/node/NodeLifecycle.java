package dev.onsale.command.node;

import java.time.Duration;
import java.util.function.Consumer;
import org.axonframework.commandhandling.CommandBus;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import reactor.netty.resources.LoopResources;

/**
 * Takes part when all command handlers are there, and hands the shards over before the writers stop. So clients meet no gap when a node
 * is stopped.
 */
final class NodeLifecycle implements SmartLifecycle {

    private static final Duration HAND_OVER_PATIENCE = Duration.ofSeconds(10);

    /** Between Axon, which registers the command handlers (2,147,480,575), and the web server (2,147,481,599). */
    private static final int PHASE = Integer.MAX_VALUE - 2_560;

    private final NodeMembership membership;
    private final NodeConnectionProperties settings;
    private final LoopResources loops;
    private final @Nullable NodeTls tls;
    private final CommandBus local;
    private final Consumer<String> progress;
    private @Nullable NodeServer server;

    NodeLifecycle(
            NodeMembership membership,
            NodeConnectionProperties settings,
            LoopResources loops,
            @Nullable NodeTls tls,
            CommandBus local,
            Consumer<String> progress) {
        this.membership = membership;
        this.settings = settings;
        this.loops = loops;
        this.tls = tls;
        this.local = local;
        this.progress = progress;
    }

    @Override
    public synchronized void start() {
        byte[] secret = NodeSecret.fresh();
        NodeServer listening = new NodeServer(loops, settings.address(), settings.port(), tls, secret, local);
        server = listening;
        membership.start(listening.port(), secret, progress);
    }

    @Override
    public synchronized void stop() {
        NodeServer listening = server;
        if (listening != null) {
            server = null;
            membership.handOver(HAND_OVER_PATIENCE);
            listening.close();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return server != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
