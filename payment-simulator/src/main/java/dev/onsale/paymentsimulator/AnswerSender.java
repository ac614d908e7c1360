package dev.onsale.paymentsimulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableChannel;
import reactor.netty.http.server.HttpServerResponse;

/** Sends a response: at once, slowly, or not at all. */
final class AnswerSender {
    private static final int DRIPS_PER_SECOND = 10;

    private AnswerSender() {}

    static Mono<Void> send(Delivery delivery, HttpServerResponse response) {
        return switch (delivery.manner()) {
            case WHOLE -> whole(delivery.answer(), response);
            case SLOW -> slow(delivery, response);
            case LOST -> lost(response);
        };
    }

    private static Mono<Void> whole(Answer answer, HttpServerResponse response) {
        var body = headed(answer, response);
        return response.sendByteArray(Mono.just(body)).then();
    }

    private static Mono<Void> slow(Delivery delivery, HttpServerResponse response) {
        var body = headed(delivery.answer(), response);
        int perSecond = delivery.bytesPerSecond();
        int bytes = Math.max(1, perSecond / DRIPS_PER_SECOND);
        var pause = Duration.ofNanos(1_000_000_000L * bytes / perSecond);
        Flux<ByteBuf> drips = Flux.range(0, Math.ceilDiv(body.length, bytes))
                .delayElements(pause)
                .map(each -> Unpooled.wrappedBuffer(body, each * bytes, Math.min(bytes, body.length - each * bytes)));
        return response.send(drips, drip -> true).then();
    }

    /** Never completes, because completion would send an empty response. */
    private static Mono<Void> lost(HttpServerResponse response) {
        response.withConnection(DisposableChannel::dispose);
        return Mono.never();
    }

    private static byte[] headed(Answer answer, HttpServerResponse response) {
        var body = answer.body().getBytes(StandardCharsets.UTF_8);
        response.status(HttpResponseStatus.valueOf(answer.status()))
                .header(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length))
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store");
        if (answer.location() != null) {
            response.header(HttpHeaderNames.LOCATION, answer.location());
        }
        if (answer.retryAfterSeconds() > 0) {
            response.header(HttpHeaderNames.RETRY_AFTER, Integer.toString(answer.retryAfterSeconds()));
        }
        return body;
    }
}
