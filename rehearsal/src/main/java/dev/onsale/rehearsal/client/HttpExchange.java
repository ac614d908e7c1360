package dev.onsale.rehearsal.client;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * Sends requests over persistent connections. Uses Reactor Netty: under load, the JDK's client used a quarter more CPU
 * time per request and lost some of the first requests. Thread-safe.
 */
final class HttpExchange implements AutoCloseable {

    private static final int ANSWER_BYTES_MAX = 64 * 1024 * 1024;
    private static final Duration DOWNLOAD_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Duration timeout;
    private final Semaphore turns;
    private final ConnectionProvider connections;
    private final LoopResources loop;
    private final HttpClient http;
    private final Latencies latencies = new Latencies();

    /**
     * @param inFlightMax maximum number of concurrent requests; further requests wait
     * @param timeout time limit of each request, from the end of its wait to the last byte of the response
     */
    HttpExchange(String url, int inFlightMax, Duration timeout) {
        this.timeout = timeout;
        this.turns = new Semaphore(inFlightMax, true);
        this.connections = ConnectionProvider.builder("onsale-client")
                .maxConnections(inFlightMax)
                .pendingAcquireMaxCount(inFlightMax)
                .pendingAcquireTimeout(timeout)
                .build();
        // One thread handles tens of thousands of requests per second; the other cores are for the server.
        this.loop = LoopResources.create("onsale-client", 1, true);
        this.http = HttpClient.create(connections)
                .runOn(loop)
                .baseUrl(url)
                .responseTimeout(timeout)
                .keepAlive(true);
    }

    record Request(
            RequestKind kind,
            HttpMethod method,
            String path,
            @Nullable String token,
            @Nullable String idempotencyKey,
            @Nullable String body) {}

    /** @param body JSON, or "" if there is none */
    record Answer(int status, String body, Optional<Duration> retryAfter) {}

    static final class NoAnswerException extends Exception {
        NoAnswerException(String message) {
            super(message);
        }
    }

    Latencies latencies() {
        return latencies;
    }

    Answer send(Request request) throws NoAnswerException, InterruptedException {
        turns.acquire();
        try {
            return sendInTurn(request);
        } finally {
            turns.release();
        }
    }

    /** Streams the body of a response to a file. */
    void download(String path, String token, Path file) throws NoAnswerException {
        try (OutputStream out = Files.newOutputStream(file)) {
            Integer status = http.headers(headers -> headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token))
                    .get()
                    .uri(path)
                    .response((response, content) -> content.asByteArray()
                            .doOnNext(part -> write(out, part))
                            .then(Mono.just(response.status().code())))
                    .single()
                    .block(DOWNLOAD_TIMEOUT);
            if (status == null || status != 200) {
                throw new NoAnswerException("answer " + status + " to GET " + path);
            }
        } catch (IOException | RuntimeException failure) {
            throw new NoAnswerException("incomplete response to GET " + path + ": " + failure);
        }
    }

    private static void write(OutputStream out, byte[] part) {
        try {
            out.write(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer sendInTurn(Request request) throws NoAnswerException, InterruptedException {
        long sent = System.nanoTime();
        CompletableFuture<Answer> answer = exchange(request)
                .doOnSuccess(ignored -> latencies.answered(request.kind(), sent, System.nanoTime()))
                .toFuture();
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            latencies.unanswered(request.kind());
            throw new NoAnswerException(
                    "no response to " + request.method() + " " + request.path() + " within " + timeout);
        } catch (ExecutionException e) {
            latencies.unanswered(request.kind());
            throw new NoAnswerException(
                    "no response to " + request.method() + " " + request.path() + ": " + e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private Mono<Answer> exchange(Request request) {
        byte[] body = request.body() == null ? new byte[0] : request.body().getBytes(StandardCharsets.UTF_8);
        return http.headers(headers -> {
                    if (request.token() != null) {
                        headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + request.token());
                    }
                    if (request.idempotencyKey() != null) {
                        headers.set("Idempotency-Key", request.idempotencyKey());
                    }
                    if (body.length > 0) {
                        headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
                    }
                    headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
                })
                .request(request.method())
                .uri(request.path())
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                .response((response, content) -> content.asByteArray()
                        .collect(ByteArrayOutputStream::new, HttpExchange::append)
                        .map(bytes -> new Answer(
                                response.status().code(),
                                bytes.toString(StandardCharsets.UTF_8),
                                retryAfter(response))))
                .single();
    }

    private static void append(ByteArrayOutputStream body, byte[] part) {
        if (body.size() + part.length > ANSWER_BYTES_MAX) {
            throw new IllegalStateException("the response has more than " + ANSWER_BYTES_MAX + " bytes");
        }
        body.writeBytes(part);
    }

    private static Optional<Duration> retryAfter(HttpClientResponse response) {
        String seconds = response.responseHeaders().get(HttpHeaderNames.RETRY_AFTER);
        return seconds != null && seconds.matches("\\d{1,4}")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds)))
                : Optional.empty();
    }

    @Override
    public void close() {
        connections.disposeLater().block(CLOSE_PATIENCE);
        loop.disposeLater(Duration.ZERO, CLOSE_PATIENCE).block(CLOSE_PATIENCE.multipliedBy(2));
    }
}
