package dev.onsale.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerResponse;

/** A client that hung up before its answer is a client that hung up, wherever the answer was on its way. */
class EventLoopResponsesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static Stream<Named<Function<ServerHttpResponse, Mono<Void>>>> everyWayToAnswer() {
        return Stream.of(
                Named.of(
                        "a body",
                        response -> response.writeWith(
                                Mono.just(response.bufferFactory().wrap(new byte[1])))),
                Named.of("a stream", response -> response.writeAndFlushWith(Flux.empty())),
                Named.of("no body", ServerHttpResponse::setComplete));
    }

    @ParameterizedTest
    @MethodSource("everyWayToAnswer")
    void an_answer_to_a_connection_that_has_left_its_event_loop_ends_like_one_to_a_client_that_hung_up(
            Function<ServerHttpResponse, Mono<Void>> answer) {
        EmbeddedChannel gone = new EmbeddedChannel(new EmbeddedChannel().id(), false /* never registered */, false);
        assertThatThrownBy(gone::eventLoop).isInstanceOf(IllegalStateException.class);
        HttpHandler handler = new EventLoopResponses().apply((request, response) -> answer.apply(response));

        Mono<Void> answered =
                handler.handle(MockServerHttpRequest.get("/").build(), new ResponseTo(Connection.from(gone)));

        assertThatThrownBy(() -> answered.block(PATIENCE))
                .satisfies(failure -> assertThat(ClientDisconnects.isDisconnect(failure))
                        .as(failure.toString())
                        .isTrue());
    }

    /** As Reactor Netty's answer to a connection that is closed. */
    private static final class ResponseTo extends AbstractServerHttpResponse {

        private final HttpServerResponse netty = mock(HttpServerResponse.class);

        ResponseTo(Connection connection) {
            super(DefaultDataBufferFactory.sharedInstance);
            when(netty.withConnection(any())).thenAnswer(call -> {
                call.<Consumer<Connection>>getArgument(0).accept(connection);
                return netty;
            });
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // The signature is Spring's.
        public <T> T getNativeResponse() {
            return (T) netty;
        }

        @Override
        protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
            return Mono.error(AbortedException.beforeSend());
        }

        @Override
        protected Mono<Void> writeAndFlushWithInternal(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return Mono.error(AbortedException.beforeSend());
        }

        @Override
        protected void applyStatusCode() {}

        @Override
        protected void applyHeaders() {
            throw new AbortedException("Connection has been closed");
        }

        @Override
        protected void applyCookies() {}
    }
}
