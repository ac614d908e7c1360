package dev.onsale.platform.http;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.publisher.Flux;

/** A request whose body {@link BodyFilter} has read, within the limit of its endpoint. */
public final class BufferedRequest extends ServerHttpRequestDecorator {

    private static final byte[] NOTHING = new byte[0];

    private final byte[] body;

    BufferedRequest(ServerHttpRequest request, byte[] body) {
        super(request);
        this.body = body;
    }

    /** The body of a request behind {@link BodyFilter}; not to be changed. Empty if it has none. */
    public static byte[] bodyOf(ServerHttpRequest request) {
        return request instanceof BufferedRequest read ? read.body : NOTHING;
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return body.length == 0
                ? Flux.empty()
                : Flux.defer(() -> Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body)));
    }
}
