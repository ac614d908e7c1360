package dev.onsale.platform.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;

/** The endpoints of the API port, for filters, which stand in front of the dispatch. */
final class Endpoints {

    /**
     * One path of one method of a controller.
     *
     * @param methods empty for all
     * @param bytesMax of the body; 0 if the endpoint takes none
     * @param membersMax of any one list or object in the body
     */
    record Endpoint(PathPattern path, Set<RequestMethod> methods, int bytesMax, int membersMax) {

        boolean takes(HttpMethod method) {
            RequestMethod known = RequestMethod.resolve(method);
            return methods.isEmpty()
                    || (known != null && methods.contains(known))
                    || (known == RequestMethod.HEAD && methods.contains(RequestMethod.GET));
        }
    }

    private final ApplicationContext context;
    private final Supplier<Map<Integer, List<Endpoint>>> bySize;

    Endpoints(ApplicationContext context) {
        this.context = context;
        // Read with the first request: a filter is made before the controllers are known.
        bySize = SingletonSupplier.of(() -> read(context.getBeansOfType(RequestMappingHandlerMapping.class)));
    }

    /** The endpoint that the dispatch will choose; nothing if there is none for this path and method. */
    @Nullable
    Endpoint of(ServerWebExchange exchange) {
        if (!context.equals(exchange.getApplicationContext())) {
            // The management port has endpoints of its own.
            return null;
        }
        PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
        HttpMethod method = exchange.getRequest().getMethod();
        for (Endpoint endpoint : bySize.get().getOrDefault(path.elements().size(), List.of())) {
            if (endpoint.takes(method) && endpoint.path().matches(path)) {
                return endpoint;
            }
        }
        return null;
    }

    /** Requests without an endpoint: 404 or 405, with or without a token. */
    ServerWebExchangeMatcher missing() {
        return exchange -> context.equals(exchange.getApplicationContext()) && of(exchange) == null
                ? ServerWebExchangeMatcher.MatchResult.match()
                : ServerWebExchangeMatcher.MatchResult.notMatch();
    }

    private static Map<Integer, List<Endpoint>> read(Map<String, RequestMappingHandlerMapping> mappings) {
        Map<Integer, List<Endpoint>> found = new HashMap<>();
        mappings.values().forEach(mapping -> mapping.getHandlerMethods()
                .forEach((info, handler) -> endpoints(info, handler).forEach(endpoint -> found.computeIfAbsent(
                                PathContainer.parsePath(endpoint.path().getPatternString())
                                        .elements()
                                        .size(),
                                size -> new ArrayList<>())
                        .add(endpoint))));
        found.values().forEach(same -> same.sort(Comparator.comparing(Endpoint::path)));
        return Map.copyOf(found);
    }

    private static List<Endpoint> endpoints(RequestMappingInfo info, HandlerMethod handler) {
        BodyLimit own = handler.getMethodAnnotation(BodyLimit.class);
        boolean takesBody = Arrays.stream(handler.getMethodParameters())
                .anyMatch(parameter -> parameter.hasParameterAnnotation(RequestBody.class));
        int bytesMax = own == null ? BodyLimit.BYTES_DEFAULT : own.bytes();
        int membersMax = own == null ? BodyLimit.MEMBERS_DEFAULT : own.members();
        return info.getPatternsCondition().getPatterns().stream()
                .map(path -> new Endpoint(
                        path, info.getMethodsCondition().getMethods(), takesBody ? bytesMax : 0, membersMax))
                .toList();
    }
}
