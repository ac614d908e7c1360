package dev.onsale.platform.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
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
     * @param literals the fixed segments of the path by their place, null for the other elements
     * @param access who may call it, by method
     * @param mapping its conditions
     * @param isFoundByPath whether method and path alone say that it is meant
     */
    record Endpoint(
            PathPattern path,
            Set<RequestMethod> methods,
            int bytesMax,
            int membersMax,
            List<@Nullable String> literals,
            Map<HttpMethod, Access> access,
            RequestMappingInfo mapping,
            HandlerMethod handler,
            boolean isFoundByPath) {

        /** Cheaper than the pattern, which then decides. */
        private boolean mayMatch(List<PathContainer.Element> requested) {
            for (int index = 0; index < requested.size(); index++) {
                String literal = literals.get(index);
                if (literal != null
                        && !(requested.get(index) instanceof PathContainer.PathSegment segment
                                && literal.equals(segment.valueToMatch()))) {
                    return false;
                }
            }
            return true;
        }

        /** Not HEAD for GET, and not every method for none. */
        boolean names(HttpMethod method) {
            RequestMethod known = RequestMethod.resolve(method);
            return known != null && methods.contains(known);
        }

        boolean takes(HttpMethod method) {
            RequestMethod known = RequestMethod.resolve(method);
            return methods.isEmpty()
                    || (known != null && methods.contains(known))
                    || (known == RequestMethod.HEAD && methods.contains(RequestMethod.GET));
        }
    }

    private static final String ATTRIBUTE = Endpoints.class.getName();
    private static final Object NONE = new Object();

    private final ApplicationContext context;
    private final Supplier<Map<Integer, List<Endpoint>>> bySize;

    Endpoints(ApplicationContext context) {
        this.context = context;
        // Read with the first request: a filter is made before the controllers are known.
        bySize = SingletonSupplier.of(() -> read(context.getBeansOfType(RequestMappingHandlerMapping.class)));
    }

    /** The endpoint that the dispatch will choose; nothing if there is none for this path and method. Found once per request. */
    @Nullable
    Endpoint of(ServerWebExchange exchange) {
        Map<String, Object> attributes = exchange.getAttributes();
        Object known = attributes.get(ATTRIBUTE);
        if (known == null) {
            Endpoint found = find(exchange);
            attributes.put(ATTRIBUTE, found == null ? NONE : found);
            return found;
        }
        return known instanceof Endpoint endpoint ? endpoint : null;
    }

    private @Nullable Endpoint find(ServerWebExchange exchange) {
        if (!isOfApi(exchange)) {
            return null;
        }
        PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
        List<PathContainer.Element> elements = path.elements();
        HttpMethod method = exchange.getRequest().getMethod();
        for (Endpoint endpoint : bySize.get().getOrDefault(elements.size(), List.of())) {
            if (endpoint.takes(method)
                    && endpoint.mayMatch(elements)
                    && endpoint.path().matches(path)) {
                return endpoint;
            }
        }
        return null;
    }

    /** Whom the request is for. Where there is no endpoint there is nothing to protect: the answer is 404 or 405. */
    Access access(ServerWebExchange exchange) {
        HttpMethod method = exchange.getRequest().getMethod();
        if (!isOfApi(exchange)) {
            return AccessRules.of(method, exchange.getRequest().getPath().pathWithinApplication());
        }
        Endpoint endpoint = of(exchange);
        return endpoint == null ? Access.PUBLIC : endpoint.access().getOrDefault(method, Access.OPERATOR);
    }

    /** The management port has endpoints of its own. */
    private boolean isOfApi(ServerWebExchange exchange) {
        return context.equals(exchange.getApplicationContext());
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
        // Of two with one path and method, that with more conditions is first, and the dispatch looks at its
        // conditions.
        found.values()
                .forEach(
                        same -> same.sort(Comparator.comparing(Endpoint::path).thenComparing(Endpoint::isFoundByPath)));
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
                        path,
                        info.getMethodsCondition().getMethods(),
                        takesBody ? bytesMax : 0,
                        membersMax,
                        literals(path),
                        access(path),
                        info,
                        handler,
                        hasMethodsAndOnePathOnly(info)))
                .toList();
    }

    private static boolean hasMethodsAndOnePathOnly(RequestMappingInfo info) {
        return info.getPatternsCondition().getPatterns().size() == 1
                && info.getParamsCondition().isEmpty()
                && info.getHeadersCondition().isEmpty()
                && info.getConsumesCondition().isEmpty()
                && info.getProducesCondition().isEmpty()
                && info.getCustomCondition() == null;
    }

    /** A variable of the path is one segment, so the rules match the pattern as they match what it stands for. */
    private static Map<HttpMethod, Access> access(PathPattern path) {
        PathContainer pattern = PathContainer.parsePath(path.getPatternString());
        return Arrays.stream(HttpMethod.values())
                .collect(Collectors.toUnmodifiableMap(method -> method, method -> AccessRules.of(method, pattern)));
    }

    private static List<@Nullable String> literals(PathPattern path) {
        List<@Nullable String> literals = new ArrayList<>();
        for (PathContainer.Element element :
                PathContainer.parsePath(path.getPatternString()).elements()) {
            boolean fixed = element instanceof PathContainer.PathSegment
                    && element.value().chars().noneMatch(c -> "{}*?".indexOf(c) >= 0);
            literals.add(fixed ? element.value() : null);
        }
        return literals;
    }
}
