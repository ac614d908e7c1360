package dev.onsale.platform.idempotency;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;

/** Tells of the answer before it leaves: of a success what to store, of everything else that it is no success. */
final class RecordingResponse extends ServerHttpResponseDecorator {

    /** No answer to an order is nearly as long; a longer one would be a view, which is no business of the store. */
    private static final int BODY_BYTES_MAX = 64 * 1024;

    private final Fingerprint fingerprint;
    private final Function<Optional<StoredAnswer>, Mono<Void>> leaving;

    RecordingResponse(
            ServerHttpResponse delegate,
            Fingerprint fingerprint,
            Function<Optional<StoredAnswer>, Mono<Void>> leaving) {
        super(delegate);
        this.fingerprint = fingerprint;
        this.leaving = leaving;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        return isSuccess()
                ? DataBufferUtils.join(body)
                        .map(RecordingResponse::read)
                        .defaultIfEmpty(new byte[0])
                        .flatMap(bytes -> kept(bytes).then(written(bytes)))
                : leaving.apply(Optional.empty()).then(super.writeWith(body));
    }

    @Override
    public Mono<Void> setComplete() {
        return (isSuccess() ? kept(new byte[0]) : leaving.apply(Optional.empty())).then(super.setComplete());
    }

    private Mono<Void> written(byte[] bytes) {
        return super.writeWith(Mono.fromSupplier(() -> bufferFactory().wrap(bytes)));
    }

    private Mono<Void> kept(byte[] bytes) {
        if (bytes.length > BODY_BYTES_MAX) {
            return leaving.apply(Optional.empty());
        }
        HttpHeaders headers = getHeaders();
        return leaving.apply(Optional.of(new StoredAnswer(
                fingerprint,
                status(),
                headers.getFirst(HttpHeaders.CONTENT_TYPE),
                headers.getFirst(HttpHeaders.LOCATION),
                headers.getFirst(HttpHeaders.ETAG),
                ByteBuffer.wrap(bytes))));
    }

    private boolean isSuccess() {
        return status() / 100 == 2;
    }

    private int status() {
        @Nullable HttpStatusCode status = getStatusCode();
        return status == null ? 200 : status.value();
    }

    static byte[] read(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
