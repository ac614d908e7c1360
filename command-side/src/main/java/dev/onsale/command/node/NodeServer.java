package dev.onsale.command.node;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.command.node.Frame.Kind;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.resources.LoopResources;

/** Takes the commands that other nodes send here, on a port of its own. A command that is not this node's is not sent on. */
final class NodeServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NodeServer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CommandBus local;
    private final byte[] secret;
    private final Channel listening;
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    /**
     * @param port 0 for any
     * @param tls {@code null} for connections that are not encrypted
     */
    NodeServer(LoopResources loops, String host, int port, @Nullable NodeTls tls, byte[] secret, CommandBus local) {
        this.local = local;
        this.secret = secret.clone();
        this.listening = new ServerBootstrap()
                .group(loops.onServerSelect(false), loops.onServer(false))
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.toBeCalled(channel.alloc()));
                        }
                        Frame.addCodec(channel.pipeline());
                        channel.pipeline().addLast(new Connection());
                        open.add(channel);
                    }
                })
                .bind(host, port)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** One caller. */
    private final class Connection extends SimpleChannelInboundHandler<ByteBuf> {

        private final byte[] nonce = NodeSecret.nonce();
        private boolean known;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            send(context.channel(), new Frame(Kind.CHALLENGE, 0, nonce));
            var unused = context.executor()
                    .schedule(
                            () -> {
                                if (!known) {
                                    var unusedClose = context.close();
                                }
                            },
                            PATIENCE.toMillis(),
                            TimeUnit.MILLISECONDS);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            Frame frame = Frame.read(bytes);
            if (!known) {
                greet(context, frame);
            } else if (frame.kind() == Kind.COMMAND) {
                take(context.channel(), frame);
            }
        }

        private void greet(ChannelHandlerContext context, Frame frame) {
            int proof = frame.body().length - NodeSecret.NONCE_BYTES;
            if (frame.kind() == Kind.HELLO
                    && proof > 0
                    && NodeSecret.isProof(Arrays.copyOf(frame.body(), proof), secret, "caller", nonce)) {
                known = true;
                byte[] theirs = Arrays.copyOfRange(frame.body(), proof, frame.body().length);
                send(context.channel(), new Frame(Kind.WELCOME, 0, NodeSecret.proof(secret, "called", theirs)));
            } else {
                log.warn(
                        "A connection from {} did not prove that it is a node",
                        context.channel().remoteAddress());
                var unused = context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            log.debug("The connection of a node has failed", failure);
            var unused = context.close();
        }
    }

    private void take(Channel channel, Frame frame) {
        if (frame.body().length == 0) {
            send(channel, new Frame(Kind.NOT_TAKEN, frame.number(), frame.body()));
            return;
        }
        CommandMessage<OnsaleCommand> command;
        try {
            command = CommandCodec.readCommand(frame.body());
        } catch (RuntimeException unknown) {
            log.warn("A command of another node cannot be read: {}", unknown.toString());
            send(channel, new Frame(Kind.NOT_TAKEN, frame.number(), new byte[0]));
            return;
        }
        local.<OnsaleCommand, Object>dispatch(command, (message, result) -> channel.eventLoop()
                .execute(() -> answer(channel, frame.number(), result)));
    }

    private static void answer(Channel channel, long number, CommandResultMessage<?> result) {
        byte[] body = CommandCodec.write(result);
        send(
                channel,
                body == null ? new Frame(Kind.NOT_TAKEN, number, new byte[0]) : new Frame(Kind.ANSWER, number, body));
    }

    private static void send(Channel channel, Frame frame) {
        var unused = channel.writeAndFlush(frame.writeTo(channel));
    }

    @Override
    public void close() {
        boolean unused = listening.close().awaitUninterruptibly(PATIENCE.toMillis());
        unused = open.close().awaitUninterruptibly(PATIENCE.toMillis());
    }
}
