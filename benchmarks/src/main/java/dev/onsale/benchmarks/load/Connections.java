package dev.onsale.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs measurements on one event loop: it costs about 10 µs for each request, so one thread is enough for two cores of server. */
final class Connections implements AutoCloseable {

    private static final int HEADER_BYTES_MAX = 64 * 1024;
    private static final int CHUNK_BYTES_MAX = 1024 * 1024;
    private static final long PATIENCE_SECONDS = 60;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final PersonTokens tokens;

    Connections(PersonTokens tokens) {
        this.tokens = tokens;
    }

    Load.Result run(Load load) throws InterruptedException {
        if (load.identity() == Load.Identity.BEARER) {
            tokens.prepare(load.firstPerson(), load.people());
        }
        Measurement measurement = new Measurement(load, tokens);
        List<Channel> channels = new ArrayList<>();
        for (int number = 0; number < load.connections(); number++) {
            channels.add(new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(new HttpResponseDecoder(4_096, HEADER_BYTES_MAX, CHUNK_BYTES_MAX))
                                    .addLast(new RequestLoop(measurement));
                        }
                    })
                    .connect("127.0.0.1", load.port())
                    .sync()
                    .channel());
        }
        long cpuBefore = cpuNanos();
        measurement.begin();
        channels.forEach(channel -> channel.pipeline().fireUserEventTriggered(RequestLoop.Begin.NOW));
        long limit = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(load.millis())
                + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (Channel channel : channels) {
            if (!channel.closeFuture().await(Math.max(1, limit - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                measurement.failed("no answer within " + PATIENCE_SECONDS + " s");
                var unused = channel.close();
            }
        }
        return measurement.result(TimeUnit.NANOSECONDS.toMillis(cpuNanos() - cpuBefore));
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    @Override
    public void close() {
        var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
