package dev.onsale.platform.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Sends every answer from a task of its own on the connection's event loop. Reactor Netty 1.3.7 stops reading a connection for good
 * if a request that it had to queue, because the answer before it was sent from another thread, is answered while the queue is
 * being emptied; and our answers come from writers, from Redis and from virtual threads.
 */
final class EventLoopResponses implements HttpHandlerDecoratorFactory {

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> handler.handle(request, new Decorated(response));
    }

    /** The event loop of the connection; nothing without a server, as in some tests, or if the connection is gone. */
    static @Nullable EventLoop eventLoopOf(ServerHttpResponse response) {
        Decorated decorated = decorated(response);
        HttpServerResponse netty = decorated == null ? null : decorated.netty();
        if (netty == null) {
            return null;
        }
        AtomicReference<@Nullable EventLoop> loop = new AtomicReference<>();
        netty.withConnection(connection -> {
            Channel channel = connection.channel();
            loop.set(channel.isRegistered() ? channel.eventLoop() : null);
        });
        return loop.get();
    }

    /** The request runs in a task of its own on the event loop from here on, and needs no other one to send its answer. */
    static void isInOwnTask(ServerHttpResponse response) {
        Decorated decorated = decorated(response);
        if (decorated != null) {
            decorated.inOwnTask = true;
        }
    }

    private static @Nullable Decorated decorated(ServerHttpResponse response) {
        ServerHttpResponse at = response;
        while (at instanceof ServerHttpResponseDecorator outer) {
            if (outer instanceof Decorated found) {
                return found;
            }
            at = outer.getDelegate();
        }
        return null;
    }

    private static final class Decorated extends ServerHttpResponseDecorator {

        private volatile boolean inOwnTask;

        Decorated(ServerHttpResponse delegate) {
            super(delegate);
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            return onEventLoop(super.writeWith(body));
        }

        @Override
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return onEventLoop(super.writeAndFlushWith(body));
        }

        @Override
        public Mono<Void> setComplete() {
            // Asked for once more after the body: then the answer is gone, and its connection with it.
            return isCommitted() ? super.setComplete() : onEventLoop(super.setComplete());
        }

        private Mono<Void> onEventLoop(Mono<Void> sending) {
            HttpServerResponse netty = netty();
            if (netty == null) {
                return sending;
            }
            return Mono.<Boolean>create(sink -> netty.withConnection(connection -> {
                        if (inOwnTask && connection.channel().eventLoop().inEventLoop()) {
                            sink.success(true);
                        } else {
                            onEventLoop(connection.channel(), sink);
                        }
                    }))
                    .then(Mono.defer(() -> netty.hasSentHeaders() ? Mono.error(answered()) : sending));
        }

        /** Reactor Netty has: it refuses a request whose body is no HTTP by itself, while ours was on its way. */
        private static AbortedException answered() {
            return new AbortedException("Reactor Netty has refused the request already");
        }

        /** Without an event loop the connection is gone: the answer then ends as for any other client that hung up. */
        private static void onEventLoop(Channel channel, MonoSink<Boolean> sink) {
            try {
                channel.eventLoop().execute(() -> sink.success(true));
            } catch (IllegalStateException | RejectedExecutionException gone) {
                sink.success(true);
            }
        }

        /** The response of a test without a server has none. */
        private @Nullable HttpServerResponse netty() {
            try {
                Object under = getNativeResponse(getDelegate()); // Behind the decorator of HEAD, for instance.
                return under instanceof HttpServerResponse netty ? netty : null;
            } catch (IllegalStateException mock) {
                return null;
            }
        }
    }
}
