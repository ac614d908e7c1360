package dev.onsale.platform.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.sql.SQLException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/**
 * Clients that hang up are counted ({@code onsale.web.client.disconnects}, by whether an answer had begun) and logged at DEBUG: there is
 * nobody to answer and nothing to mend. Requests that are no HTTP are counted too ({@code onsale.web.requests.malformed}); Reactor Netty
 * answers them. The outermost of all filters.
 */
final class ClientDisconnects implements WebFilter, Ordered {

    private static final Logger log = LoggerFactory.getLogger(ClientDisconnects.class);
    /** The first of them is not public. */
    private static final Set<String> SLOW = Set.of(
            "reactor.netty.http.server.RequestTimeoutException", "io.netty.handler.timeout.ReadTimeoutException");

    private static final String MALFORMED = "onsale.web.requests.malformed";
    private static final String COUNTER = "onsale.web.client.disconnects";

    private final MeterRegistry registry;

    ClientDisconnects(ObjectProvider<MeterRegistry> registry) {
        this.registry = registry.getIfAvailable(SimpleMeterRegistry::new);
        // Known as zero before the first one.
        var unusedMalformed = this.registry.counter(MALFORMED);
        var unusedRequest = this.registry.counter(COUNTER, "phase", "request");
        var unusedAnswer = this.registry.counter(COUNTER, "phase", "answer");
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return chain.filter(exchange).onErrorResume(ClientDisconnects::isDisconnect, gone -> {
            log.debug(
                    "A client hung up at {} {}: {}",
                    exchange.getRequest().getMethod(),
                    exchange.getRequest().getPath(),
                    gone.toString());
            // Heard only by a client that was slow and is still there.
            exchange.getResponse().setStatusCode(HttpStatus.REQUEST_TIMEOUT);
            return Mono.empty();
        });
    }

    /** To be put behind the codec of one connection. */
    ChannelDuplexHandler watch() {
        return new Watch();
    }

    /** Whether it was the client's connection that broke, and not one to the database or to Redis. */
    static boolean isDisconnect(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AbortedException
                    || SLOW.contains(cause.getClass().getName())) {
                return true;
            }
            if (cause instanceof SQLException
                    || cause instanceof DataAccessException
                    || cause.getClass().getName().startsWith("io.lettuce.")) {
                return false;
            }
        }
        return DisconnectedClientHelper.isClientDisconnectedException(
                NestedExceptionUtils.getMostSpecificCause(failure));
    }

    /** Counts a connection that ends before its request was read and answered. */
    private final class Watch extends ChannelDuplexHandler {

        private int unanswered;
        private boolean answering;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest) {
                unanswered++;
            }
            if (message instanceof DecoderResultProvider decoded
                    && decoded.decoderResult().isFailure()) {
                registry.counter(MALFORMED).increment();
                log.debug(
                        "{} sent what is no HTTP request",
                        context.channel(),
                        decoded.decoderResult().cause());
            }
            context.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            answering |= message instanceof HttpResponse;
            if (!(message instanceof LastHttpContent)) {
                var unused = context.write(message, promise);
                return;
            }
            ChannelPromise sent = promise.unvoid();
            sent.addListener(future -> {
                if (future.isSuccess()) {
                    unanswered--;
                    answering = false;
                }
            });
            var unused = context.write(message, sent);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (unanswered > 0) {
                registry.counter(COUNTER, "phase", answering ? "answer" : "request")
                        .increment();
                log.debug("{} ended with {} requests unanswered", context.channel(), unanswered);
            }
            context.fireChannelInactive();
        }
    }
}
