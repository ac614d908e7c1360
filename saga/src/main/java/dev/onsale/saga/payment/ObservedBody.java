package dev.onsale.saga.payment;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Knows whether the client has begun to write a request's body. The client subscribes to it when it has a connection and has written
 * the head. A request without its body cannot be processed, so a body withheld proves that nothing was sent. Thread-safe.
 */
final class ObservedBody {

    private enum State {
        WAITING,
        WRITTEN,
        WITHHELD
    }

    private final Optional<BodyPublisher> publisher;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    /** A body of no bytes is no proof: the head alone is the whole request. */
    ObservedBody(Optional<BodyPublisher> publisher) {
        this.publisher = publisher.filter(body -> body.contentLength() > 0);
    }

    /** The same request, with its body observed. */
    HttpRequest in(HttpRequest request) {
        return publisher
                .map(body -> HttpRequest.newBuilder(request, (name, value) -> true)
                        .method(request.method(), new Observed(body))
                        .build())
                .orElse(request);
    }

    /** Whether the body was not begun. From then on it is not written any more. */
    boolean isWithheld() {
        return publisher.isPresent()
                && (state.compareAndSet(State.WAITING, State.WITHHELD) || state.get() == State.WITHHELD);
    }

    private final class Observed implements BodyPublisher {

        private final BodyPublisher body;

        Observed(BodyPublisher body) {
            this.body = body;
        }

        @Override
        public long contentLength() {
            return body.contentLength();
        }

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
            if (state.compareAndSet(State.WAITING, State.WRITTEN) || state.get() == State.WRITTEN) {
                body.subscribe(subscriber);
            } else {
                subscriber.onSubscribe(new NoDemand());
                subscriber.onError(new IOException("The call was given up before its body was written"));
            }
        }
    }

    private static final class NoDemand implements Flow.Subscription {

        @Override
        public void request(long count) {
            // There is nothing to give.
        }

        @Override
        public void cancel() {
            // There is nothing to stop.
        }
    }
}
