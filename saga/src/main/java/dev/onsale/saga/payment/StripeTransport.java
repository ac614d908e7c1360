package dev.onsale.saga.payment;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.StripeException;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpContent;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import dev.onsale.saga.payment.GatewayCalls.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

/** Lets Stripe's client make its calls within the bounds of {@link GatewayCalls}: bulkhead, circuit breaker, time-outs, sizes. */
final class StripeTransport extends HttpClient {

    private final GatewayCalls calls;

    StripeTransport(GatewayCalls calls) {
        this.calls = calls;
    }

    /** The request surely had no effect at Stripe. */
    static final class NotSentException extends ApiConnectionException {

        private static final long serialVersionUID = 2;

        private final transient Reply.NotSent reply;

        NotSentException(Reply.NotSent reply) {
            super(reply.detail());
            this.reply = reply;
        }

        Reply.NotSent reply() {
            return reply;
        }
    }

    @Override
    public StripeResponse request(StripeRequest request) throws StripeException {
        try {
            return switch (calls.make(http(request))) {
                case Reply.Answered answered ->
                    new StripeResponse(answered.status(), HttpHeaders.of(answered.headers()), answered.body());
                case Reply.NotSent notSent -> throw new NotSentException(notSent);
                case Reply.Lost lost -> throw new ApiConnectionException(lost.detail());
            };
        } catch (InterruptedException e) {
            // Stripe's client cannot throw it. StripeGateway turns it back.
            Thread.currentThread().interrupt();
            throw new ApiConnectionException("The node stops", e);
        }
    }

    private static HttpRequest http(StripeRequest request) {
        HttpRequest.Builder http =
                HttpRequest.newBuilder(URI.create(request.url().toString()));
        request.headers().map().forEach((name, values) -> values.forEach(value -> http.header(name, value)));
        http.header("User-Agent", buildUserAgentString(request));
        HttpContent content = request.content();
        if (content == null) {
            return http.method(request.method().name(), BodyPublishers.noBody()).build();
        }
        return http.header("Content-Type", content.contentType())
                .method(request.method().name(), BodyPublishers.ofByteArray(content.byteArrayContent()))
                .build();
    }
}
