package dev.onsale.platform.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * Cuts connections of slow clients. A client that sends slowly is cut after fixed times for its headers and its body; one that does
 * not read its answer, when nothing of it could be sent for a time. A connection on which nothing is under way is closed after a
 * time; a stream or an answer that takes long to make is none of these.
 */
final class ConnectionLimits implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final int INITIAL_LINE_BYTES_MAX = 8 * 1024;
    private static final int HEADER_BYTES_MAX = 16 * 1024;

    private final WebProperties.Timeouts timeouts;
    private final ObjectProvider<ClientDisconnects> disconnects;

    ConnectionLimits(WebProperties.Timeouts timeouts, ObjectProvider<ClientDisconnects> disconnects) {
        this.timeouts = timeouts;
        this.disconnects = disconnects;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(this::limited);
    }

    private HttpServer limited(HttpServer server) {
        return server.httpRequestDecoder(decoder ->
                        decoder.maxInitialLineLength(INITIAL_LINE_BYTES_MAX).maxHeaderSize(HEADER_BYTES_MAX))
                .idleTimeout(timeouts.idle())
                .readTimeout(timeouts.read())
                .requestTimeout(timeouts.body())
                .doOnChannelInit((observer, channel, remote) -> {
                    HeaderTimeout headers = new HeaderTimeout(timeouts.headers());
                    channel.pipeline().addFirst("onsale.writeTimeout", new WriteTimeout(timeouts.write()));
                    channel.pipeline().addFirst("onsale.headerTimeout", headers);
                    channel.pipeline()
                            .addAfter(NettyPipeline.HttpCodec, "onsale.headersComplete", headers.complete())
                            .addAfter(
                                    NettyPipeline.HttpCodec,
                                    "onsale.disconnects",
                                    disconnects.getObject().watch());
                });
    }

    /** Runs from the first byte of a request to the end of its headers, however many bytes come in between. */
    private static final class HeaderTimeout extends ChannelInboundHandlerAdapter {

        private final Duration timeout;
        private boolean inRequest;
        private @Nullable ScheduledFuture<?> cut;

        HeaderTimeout(Duration timeout) {
            this.timeout = timeout;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (cut == null && !inRequest) {
                cut = context.executor().schedule(() -> cut(context), timeout.toMillis(), TimeUnit.MILLISECONDS);
            }
            context.fireChannelRead(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            cancel();
            context.fireChannelInactive();
        }

        private void cancel() {
            ScheduledFuture<?> scheduled = cut;
            cut = null;
            if (scheduled != null) {
                scheduled.cancel(false);
            }
        }

        /** The other half, behind the codec. */
        ChannelInboundHandlerAdapter complete() {
            return new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    if (message instanceof HttpRequest) {
                        inRequest = true;
                        cancel();
                    }
                    if (message instanceof io.netty.handler.codec.http.LastHttpContent) {
                        inRequest = false;
                    }
                    context.fireChannelRead(message);
                }
            };
        }
    }

    /** Fires only while something waits to be sent and nothing of it can be. */
    private static final class WriteTimeout extends IdleStateHandler {

        WriteTimeout(Duration timeout) {
            super(true, 0, timeout.toMillis(), 0, TimeUnit.MILLISECONDS);
        }

        @Override
        protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
            ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
            if (waiting != null && waiting.totalPendingWriteBytes() > 0) {
                cut(context);
            }
        }
    }

    private static void cut(ChannelHandlerContext context) {
        var unused = context.close();
    }
}
