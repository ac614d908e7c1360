package dev.onsale.platform.idempotency;

import dev.onsale.platform.http.IdempotencyKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/** Which endpoints take a key: those whose method has an {@link IdempotencyKey} as parameter. */
final class KeyedEndpoints {

    /** How an answer is stored. */
    enum Storing {
        BEHIND,
        LEASED
    }

    private record Endpoint(HttpMethod method, PathPattern path, Storing storing) {}

    private final Supplier<List<Endpoint>> endpoints;

    KeyedEndpoints(Supplier<RequestMappingHandlerMapping> mapping) {
        // Read with the first request: a filter is made before the controllers are known.
        endpoints = SingletonSupplier.of(() -> endpoints(mapping.get()));
    }

    @Nullable
    Storing storing(HttpMethod method, PathContainer path) {
        for (Endpoint endpoint : endpoints.get()) {
            if (endpoint.method().equals(method) && endpoint.path().matches(path)) {
                return endpoint.storing();
            }
        }
        return null;
    }

    private static List<Endpoint> endpoints(RequestMappingHandlerMapping mapping) {
        List<Endpoint> found = new ArrayList<>();
        mapping.getHandlerMethods().forEach((info, handler) -> {
            if (Arrays.asList(handler.getMethod().getParameterTypes()).contains(IdempotencyKey.class)) {
                found.addAll(endpoints(info, handler));
            }
        });
        return List.copyOf(found);
    }

    private static List<Endpoint> endpoints(RequestMappingInfo info, HandlerMethod handler) {
        Storing storing = handler.hasMethodAnnotation(NaturallyIdempotent.class) ? Storing.BEHIND : Storing.LEASED;
        List<Endpoint> found = new ArrayList<>();
        for (RequestMethod method : info.getMethodsCondition().getMethods()) {
            for (PathPattern path : info.getPatternsCondition().getPatterns()) {
                found.add(new Endpoint(method.asHttpMethod(), path, storing));
            }
        }
        return found;
    }
}
