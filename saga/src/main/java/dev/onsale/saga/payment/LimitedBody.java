package dev.onsale.saga.payment;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads a body up to a limit; a longer one fails rather than fill the memory. */
final class LimitedBody implements BodySubscriber<byte[]> {

    private final BodySubscriber<byte[]> inner;
    private final long bytesMax;
    private long bytes;
    private Flow.@Nullable Subscription subscription;

    LimitedBody(BodySubscriber<byte[]> inner, long bytesMax) {
        this.inner = inner;
        this.bytesMax = bytesMax;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return inner.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription upstream) {
        subscription = upstream;
        inner.onSubscribe(upstream);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
        }
        if (bytes > bytesMax) {
            if (subscription != null) {
                subscription.cancel();
            }
            inner.onError(new IOException("The answer is longer than " + bytesMax + " bytes"));
        } else {
            inner.onNext(buffers);
        }
    }

    @Override
    public void onError(Throwable failure) {
        inner.onError(failure);
    }

    @Override
    public void onComplete() {
        if (bytes <= bytesMax) {
            inner.onComplete();
        }
    }
}
