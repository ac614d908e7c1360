package dev.onsale.platform.http;

import io.netty.channel.EventLoop;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.reactive.result.method.annotation.ResponseBodyResultHandler;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityResultHandler;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Continues a request on its connection's event loop as soon as its endpoint has a result or a refusal. Without this the thread
 * that completes the result, a sale's writer or the thread of Redis, would also build and send the JSON of each answer.
 */
final class EventLoopResultHandler implements HandlerResultHandler, Ordered {

    /** In front of the handlers that write the answer. */
    private static final int ORDER = -1;

    private static final String OWN_PACKAGES = "dev.onsale.";

    private final ObjectProvider<ResponseEntityResultHandler> entities;
    private final ObjectProvider<ResponseBodyResultHandler> bodies;

    /** One for each event loop; there are as many as processors. */
    private final Map<EventLoop, Scheduler> schedulers = new ConcurrentHashMap<>();

    private final Map<Method, Optional<HandlerResultHandler>> writers = new ConcurrentHashMap<>();

    EventLoopResultHandler(
            ObjectProvider<ResponseEntityResultHandler> entities, ObjectProvider<ResponseBodyResultHandler> bodies) {
        this.entities = entities;
        this.bodies = bodies;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    /** The endpoints of the management port are Spring's and keep their own handlers. */
    @Override
    public boolean supports(HandlerResult result) {
        return result.getReturnValue() instanceof Mono
                && result.getHandler() instanceof HandlerMethod method
                && method.getBeanType().getName().startsWith(OWN_PACKAGES)
                && writer(result) != null;
    }

    /** What writes a Mono depends on the declared type alone, so it is found once for each endpoint. */
    private @Nullable HandlerResultHandler writer(HandlerResult result) {
        return result.getHandler() instanceof HandlerMethod method
                ? writers.computeIfAbsent(method.getMethod(), endpoint -> Optional.ofNullable(find(result)))
                        .orElse(null)
                : null;
    }

    private @Nullable HandlerResultHandler find(HandlerResult result) {
        ResponseEntityResultHandler entity = entities.getObject();
        if (entity.supports(result)) {
            return entity;
        }
        ResponseBodyResultHandler body = bodies.getObject();
        return body.supports(result) ? body : null;
    }

    @Override
    public Mono<Void> handleResult(ServerWebExchange exchange, HandlerResult result) {
        HandlerResultHandler writer = writer(result);
        if (writer == null || !(result.getReturnValue() instanceof Mono<?> value)) {
            return Mono.error(new IllegalStateException("Not supported: " + result.getReturnValue()));
        }
        EventLoop loop = EventLoopResponses.eventLoopOf(exchange.getResponse());
        Mono<?> continued = loop == null
                ? value
                : value.publishOn(schedulers.computeIfAbsent(loop, Schedulers::fromExecutor))
                        .doOnTerminate(() -> EventLoopResponses.isInOwnTask(exchange.getResponse()));
        return writer.handleResult(
                exchange,
                new HandlerResult(
                        result.getHandler(), continued, result.getReturnTypeSource(), result.getBindingContext()));
    }
}
