package dev.onsale.platform.http;

import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Gives endpoints the buyer of the bearer token and the idempotency key as typed parameters. */
final class ArgumentResolvers {

    private ArgumentResolvers() {}

    static final class Buyer implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == BuyerId.class
                    && !parameter.hasParameterAnnotation(PathVariable.class);
        }

        @Override
        public Mono<Object> resolveArgument(
                MethodParameter parameter, BindingContext bindings, ServerWebExchange exchange) {
            Caller caller = Caller.of(exchange);
            return Mono.fromCallable(() -> {
                if (caller == null || caller.getName().isEmpty()) {
                    throw new RefusedException(RefusalCode.UNAUTHENTICATED, "Send a bearer token of a person");
                }
                return named(caller.getName());
            });
        }

        /** A subject of another form is no fault of the request: the token is not one for Onsale. */
        private static BuyerId named(String subject) {
            try {
                return BuyerId.of(subject);
            } catch (InvalidValueException e) {
                throw new RefusedException(
                        RefusalCode.UNAUTHENTICATED, "The bearer token's subject is no buyer: " + e.getMessage());
            }
        }
    }

    static final class Key implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == IdempotencyKey.class;
        }

        @Override
        public Mono<Object> resolveArgument(
                MethodParameter parameter, BindingContext bindings, ServerWebExchange exchange) {
            return Mono.fromSupplier(() ->
                    IdempotencyKey.ofHeader(exchange.getRequest().getHeaders().getFirst(IdempotencyKey.HEADER)));
        }
    }
}
