package dev.onsale.pages;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/** Which addresses are pages and files. Every other address stays what it was without the pages. */
final class PageRoutes {

    static final String ASSETS = "/assets/";
    private static final String ID = "{id:[A-Za-z0-9_-]{1,64}}";

    /** The script of the pages has the same list. */
    private static final List<String> PAGES = List.of(
            "/",
            "/login",
            "/tickets",
            "/sales/" + ID,
            "/sales/" + ID + "/queue",
            "/sales/" + ID + "/seats",
            "/reservations/" + ID,
            "/reservations/" + ID + "/tickets",
            "/campaigns/" + ID,
            "/receipts/" + ID);

    private static final Duration YEAR = Duration.ofDays(365);

    private PageRoutes() {}

    static Map<String, WebHandler> handlers(StaticFiles files, Shell shell) {
        Map<String, WebHandler> handlers = new LinkedHashMap<>();
        PAGES.forEach(page -> handlers.put(page, exchange -> page(exchange, shell)));
        // The files of a version never change; those of another version are not there.
        handlers.put(ASSETS + files.version() + "/**", exchange -> file(exchange, files));
        return handlers;
    }

    private static Mono<Void> page(ServerWebExchange exchange, Shell shell) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.set("Content-Security-Policy", shell.policy());
        headers.setCacheControl(CacheControl.noCache());
        return send(exchange, shell.document());
    }

    private static Mono<Void> file(ServerWebExchange exchange, StaticFiles files) {
        PathContainer path = exchange.getRequiredAttribute(HandlerMapping.PATH_WITHIN_HANDLER_MAPPING_ATTRIBUTE);
        StaticFile file = files.find(path.value());
        if (file == null) {
            return Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND));
        }
        exchange.getResponse()
                .getHeaders()
                .setCacheControl(CacheControl.maxAge(YEAR).cachePublic().immutable());
        return send(exchange, file);
    }

    private static Mono<Void> send(ServerWebExchange exchange, StaticFile file) {
        HttpMethod method = exchange.getRequest().getMethod();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return Mono.error(new MethodNotAllowedException(method, Set.of(HttpMethod.GET, HttpMethod.HEAD)));
        }
        boolean gzip = acceptsGzip(exchange.getRequest().getHeaders());
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(file.type());
        headers.add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (exchange.checkNotModified(file.etag(gzip))) {
            return response.setComplete();
        }
        if (gzip) {
            headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        headers.setContentLength(file.size(gzip));
        return response.writeWith(Mono.fromSupplier(() -> file.body(gzip, response.bufferFactory())));
    }

    private static boolean acceptsGzip(HttpHeaders headers) {
        return headers.getOrEmpty(HttpHeaders.ACCEPT_ENCODING).stream()
                .anyMatch(accepted -> accepted.matches("(?i).*\\bgzip\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$)).*"));
    }
}
