package dev.onsale.platform.http;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/**
 * Takes the endpoint that the filters have found already. Spring compares a path with variables with the conditions of every
 * endpoint; that is left for requests of endpoints with conditions beyond method and path, and for those without an endpoint.
 */
final class IndexedHandlerMapping extends RequestMappingHandlerMapping {

    private final ObjectProvider<Endpoints> endpoints;

    IndexedHandlerMapping(ObjectProvider<Endpoints> endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    protected @Nullable HandlerMethod lookupHandlerMethod(ServerWebExchange exchange) throws Exception {
        Endpoints.Endpoint endpoint = endpoints.getObject().of(exchange);
        if (endpoint == null
                || !endpoint.isFoundByPath()
                || !endpoint.names(exchange.getRequest().getMethod())) {
            return super.lookupHandlerMethod(exchange);
        }
        handleMatch(endpoint.mapping(), endpoint.handler(), exchange);
        return endpoint.handler();
    }
}
