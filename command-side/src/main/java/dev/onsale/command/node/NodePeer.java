package dev.onsale.command.node;

import dev.onsale.command.node.Frame.Kind;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The connection to another node. It is made when it is needed first, and again after it was lost. A command without a body asks
 * whether the other node is there; each version answers it, because it cannot be taken. Thread-safe.
 */
final class NodePeer {

    private static final int CONNECT_MILLIS = 1_000;
    private static final long SILENT_MAX_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final byte[] PING = new byte[0];
    private static final int IN_FLIGHT_MAX = 50_000;

    private final EventLoopGroup loops;
    private final Member member;
    private final byte[] secret;
    private final @Nullable NodeTls tls;
    private final AtomicLong unansweredSince = new AtomicLong();
    private @Nullable CompletableFuture<Connection> connection;
    private boolean closed;

    /** What became of a command that was sent. Exactly one method is called, once. */
    interface Reply {
        void answered(byte[] answer);

        /** Nothing was done. */
        void notTaken();

        /** The connection was lost after the command was sent. */
        void unknown();
    }

    /**
     * @param tls {@code null} for connections that are not encrypted
     */
    NodePeer(EventLoopGroup loops, @Nullable NodeTls tls, Member member, byte[] secret) {
        this.loops = loops;
        this.tls = tls;
        this.member = member;
        this.secret = secret.clone();
    }

    void send(byte[] command, Reply reply) {
        var unused = connection().whenComplete((open, failure) -> {
            if (failure == null) {
                open.write(command, reply);
            } else {
                reply.notTaken();
            }
        });
    }

    /** Asks whether the node is there. A connection on which nothing has come for too long after that is ended. */
    void ping() {
        boolean unused = unansweredSince.compareAndSet(0, now());
        var unusedPing = connection().whenComplete((open, failure) -> {
            if (failure == null) {
                open.ping();
            }
        });
    }

    /** Whether the node has answered within the last 3 s, or was not asked longer ago than that. */
    boolean isReachable() {
        long since = unansweredSince.get();
        return since == 0 || now() - since < SILENT_MAX_NANOS;
    }

    /** As {@link System#nanoTime()}, but never 0. */
    private static long now() {
        return System.nanoTime() | 1;
    }

    private synchronized CompletableFuture<Connection> connection() {
        if (closed) {
            return CompletableFuture.failedFuture(new IOException("The node is gone"));
        }
        CompletableFuture<Connection> known = connection;
        if (known == null
                || known.isCompletedExceptionally()
                || known.thenApply(Connection::isLost).getNow(false)) {
            CompletableFuture<Connection> fresh = new CompletableFuture<>();
            connection = fresh;
            connect(fresh);
            return fresh;
        }
        return known;
    }

    private void connect(CompletableFuture<Connection> welcome) {
        var unused = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.toCall(channel.alloc(), member.address(), member.port()));
                        }
                        Frame.addCodec(channel.pipeline());
                        channel.pipeline().addLast(new Connection(welcome));
                    }
                })
                .connect(member.address(), member.port())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        welcome.completeExceptionally(done.cause());
                    }
                });
    }

    /** One connection, from the challenge to its end. */
    private final class Connection extends SimpleChannelInboundHandler<ByteBuf> {

        private final CompletableFuture<Connection> welcome;
        private final byte[] nonce = NodeSecret.nonce();
        private final AtomicLong numbers = new AtomicLong();
        private final Map<Long, Reply> inFlight = new ConcurrentHashMap<>();
        private volatile @Nullable Channel channel;
        private volatile long pingedAt;

        Connection(CompletableFuture<Connection> welcome) {
            this.welcome = welcome;
        }

        boolean isLost() {
            Channel open = channel;
            return open == null || !open.isActive();
        }

        void write(byte[] command, Reply reply) {
            Channel open = channel;
            if (open == null || !open.isActive() || inFlight.size() >= IN_FLIGHT_MAX) {
                reply.notTaken();
                return;
            }
            long number = numbers.incrementAndGet();
            inFlight.put(number, reply);
            var unused = open.writeAndFlush(new Frame(Kind.COMMAND, number, command).writeTo(open))
                    .addListener(done -> {
                        if (!done.isSuccess()) {
                            unknown(number);
                        }
                    });
            if (!open.isActive()) {
                unknown(number);
            }
        }

        void ping() {
            if (pingedAt == 0) {
                pingedAt = now();
                write(PING, new Reply() {
                    @Override
                    public void answered(byte[] answer) {}

                    @Override
                    public void notTaken() {}

                    @Override
                    public void unknown() {}
                });
            } else if (now() - pingedAt > SILENT_MAX_NANOS) {
                end();
            }
        }

        private void heard() {
            pingedAt = 0;
            unansweredSince.set(0);
        }

        private void unknown(long number) {
            Reply reply = inFlight.remove(number);
            if (reply != null) {
                reply.unknown();
            }
        }

        void end() {
            Channel open = channel;
            if (open != null) {
                var unused = open.close();
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            var unused = context.executor()
                    .schedule(
                            () -> {
                                if (!welcome.isDone()) {
                                    var unusedClose = context.close();
                                }
                            },
                            CONNECT_MILLIS,
                            TimeUnit.MILLISECONDS);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) throws IOException {
            Frame frame = Frame.read(bytes);
            switch (frame.kind()) {
                case CHALLENGE -> {
                    byte[] proof = NodeSecret.proof(secret, "caller", frame.body());
                    byte[] hello = Arrays.copyOf(proof, proof.length + nonce.length);
                    System.arraycopy(nonce, 0, hello, proof.length, nonce.length);
                    var unused = context.writeAndFlush(new Frame(Kind.HELLO, 0, hello).writeTo(context.channel()));
                }
                case WELCOME -> {
                    if (!NodeSecret.isProof(frame.body(), secret, "called", nonce)) {
                        throw new IOException("The other end is not node " + member.id());
                    }
                    channel = context.channel();
                    heard();
                    welcome.complete(this);
                }
                case ANSWER, NOT_TAKEN -> {
                    heard();
                    settle(frame);
                }
                case HELLO, COMMAND -> throw new IOException("Not of a called node: " + frame.kind());
            }
        }

        private void settle(Frame frame) {
            Reply reply = inFlight.remove(frame.number());
            if (reply != null && frame.kind() == Kind.ANSWER) {
                reply.answered(frame.body());
            } else if (reply != null) {
                reply.notTaken();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            boolean unused = welcome.completeExceptionally(new IOException("The connection was lost"));
            inFlight.keySet().forEach(this::unknown);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            var unused = context.close();
        }
    }

    /** The node is gone: what was sent to it has an unknown outcome. */
    void close() {
        CompletableFuture<Connection> known;
        synchronized (this) {
            closed = true;
            known = connection;
        }
        if (known != null) {
            var unused = known.thenAccept(Connection::end);
        }
    }
}
