package dev.onsale.paymentsimulator;

import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/** A running simulator with its own server, threads and ledger. A process may run several. */
public final class PaymentSimulator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PaymentSimulator.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(60);
    private static final int EVENT_LOOPS = 2;

    /** Connections for readers, besides those of requests in progress. */
    private static final int CONNECTIONS_BESIDE_IN_FLIGHT = 2_000;

    private final Gateway gateway;
    private final LoopResources loops;
    private final ChannelGroup connections;
    private final DisposableServer server;
    private final URI baseUri;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    private PaymentSimulator(
            SimulatorOptions options,
            Gateway gateway,
            LoopResources loops,
            ChannelGroup connections,
            DisposableServer server) {
        this.gateway = gateway;
        this.loops = loops;
        this.connections = connections;
        this.server = server;
        var host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        this.baseUri = URI.create("http://" + host + ":" + server.port());
    }

    /**
     * Starts a simulator and returns when it accepts requests.
     *
     * @throws SimulatorStartException if the address is taken or the ledger file cannot be used
     */
    public static PaymentSimulator start(SimulatorOptions options) {
        return start(options, Clock.systemUTC());
    }

    /** Like {@link #start(SimulatorOptions)} with the clock of entries and retention. */
    public static PaymentSimulator start(SimulatorOptions options, Clock clock) {
        var gateway = new Gateway(options, clock);
        var loops = LoopResources.create("payment-simulator", EVENT_LOOPS, true);
        var connections = new DefaultChannelGroup("payment-simulator", GlobalEventExecutor.INSTANCE);
        try {
            var server = server(options, gateway, loops, connections).bindNow(START_LIMIT);
            var simulator = new PaymentSimulator(options, gateway, loops, connections, server);
            LOG.info("Payment simulator answers at {}, seed {}", simulator.baseUri(), options.seed());
            return simulator;
        } catch (RuntimeException failed) {
            stop(null, connections, gateway, loops);
            throw startFailure(options, failed);
        }
    }

    /** Base URI without a trailing slash, such as {@code http://127.0.0.1:8090}. */
    public URI baseUri() {
        return baseUri;
    }

    /** Stops at once. Delayed charges are not decided, as after a crash. */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            stop(server, connections, gateway, loops);
            LOG.info("Payment simulator at {} has stopped", baseUri);
            closed.countDown();
        }
    }

    void awaitClosed() throws InterruptedException {
        while (!closed.await(1, TimeUnit.MINUTES)) {
            LOG.trace("Still running");
        }
    }

    private static HttpServer server(
            SimulatorOptions options, Gateway gateway, LoopResources loops, ChannelGroup connections) {
        int connectionsMax = options.limits().inFlight() + CONNECTIONS_BESIDE_IN_FLIGHT;
        return HttpServer.create()
                .host(options.host())
                .port(options.port())
                .runOn(loops)
                .option(ChannelOption.SO_BACKLOG, 1_024)
                .idleTimeout(IDLE_LIMIT)
                .doOnChannelInit((observer, channel, remote) -> {
                    if (connections.size() >= connectionsMax) {
                        var unused = channel.close();
                    } else {
                        connections.add(channel);
                    }
                })
                .handle(new HttpApi(gateway));
    }

    private static void stop(
            @Nullable DisposableServer server, ChannelGroup connections, Gateway gateway, LoopResources loops) {
        if (server != null) {
            server.disposeNow(STOP_LIMIT);
        }
        gateway.close();
        connections.close().awaitUninterruptibly(STOP_LIMIT.toMillis());
        loops.disposeLater(Duration.ZERO, STOP_LIMIT).block(STOP_LIMIT.multipliedBy(2));
    }

    private static SimulatorStartException startFailure(SimulatorOptions options, RuntimeException failed) {
        var address = options.host() + ":" + options.port();
        if (failed instanceof ChannelBindException) {
            return new SimulatorStartException(
                    "The payment simulator cannot listen on " + address
                            + ", most likely because the port is taken. Choose another port, or 0 for any free one.",
                    failed);
        }
        return new SimulatorStartException(
                "The payment simulator cannot start on " + address + " (" + failed.getMessage() + ").", failed);
    }
}
