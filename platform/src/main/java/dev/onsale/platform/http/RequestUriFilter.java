package dev.onsale.platform.http;

import dev.onsale.api.RefusalCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedException;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses addresses and headers that are malformed: a percent sign without two digits, bytes that are not valid UTF-8, control
 * characters in headers, and what the firewall of Spring Security refuses (double slashes, encoded dots and the like). The
 * firewall is asked only about addresses with characters that it could object to, because it searches each for some 25 texts.
 */
final class RequestUriFilter implements WebFilter, Ordered {

    /** Behind the limits by address, in front of every filter that goes by the path. */
    private static final int ORDER = -105;

    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS);

    private static final char DELETE = 0x7F;

    private final StrictServerWebExchangeFirewall firewall = new StrictServerWebExchangeFirewall();
    private final ProblemWriter problems;

    RequestUriFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        String path = request.getURI().getRawPath();
        String query = request.getURI().getRawQuery();
        if (!haveTextOnly(request.getHeaders())) {
            return malformed(exchange);
        }
        if (METHODS.contains(request.getMethod()) && isPlainPath(path) && isPlainQuery(query)) {
            return chain.filter(exchange);
        }
        return isText(path) && isText(query)
                ? behindFirewall(exchange, chain)
                : problems.write(
                        exchange,
                        Problems.of(
                                RefusalCode.INVALID_REQUEST, "The address is not valid Unicode text, percent-encoded"));
    }

    /** The firewall's exchange also checks parameters, when they are read. */
    private Mono<Void> behindFirewall(ServerWebExchange exchange, WebFilterChain chain) {
        return firewall.getFirewalledExchange(exchange)
                .flatMap(chain::filter)
                .onErrorResume(ServerExchangeRejectedException.class, rejected -> malformed(exchange));
    }

    private Mono<Void> malformed(ServerWebExchange exchange) {
        return problems.write(
                exchange, Problems.of(RefusalCode.INVALID_REQUEST, "The address or a header is malformed"));
    }

    /** Letters, digits and signs that the firewall allows everywhere, no empty segment, no segment that begins with a dot. */
    static boolean isPlainPath(@Nullable String path) {
        if (path == null || path.isEmpty() || path.charAt(0) != '/') {
            return false;
        }
        char before = 'x';
        for (int at = 0; at < path.length(); at++) {
            char next = path.charAt(at);
            boolean plain = isAlphanumeric(next)
                    || next == '-'
                    || next == '_'
                    || (next == '/' && before != '/')
                    || (next == '.' && before != '/' && before != '.');
            if (!plain) {
                return false;
            }
            before = next;
        }
        return true;
    }

    private static boolean isPlainQuery(@Nullable String query) {
        if (query == null) {
            return true;
        }
        for (int at = 0; at < query.length(); at++) {
            char next = query.charAt(at);
            if (!isAlphanumeric(next) && "-_.~=&:,".indexOf(next) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char next) {
        return (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || (next >= '0' && next <= '9');
    }

    /**
     * Cookies of other applications on the same host may have any bytes, and nobody reads them. Other headers may have tabs, and
     * bytes above 0x7F, as proxies write them: UTF-8 that is read as Latin-1.
     */
    private static boolean haveTextOnly(HttpHeaders headers) {
        for (Map.Entry<String, List<String>> header : headers.headerSet()) {
            if (header.getKey().equalsIgnoreCase(HttpHeaders.COOKIE)) {
                continue;
            }
            for (String value : header.getValue()) {
                if (!isPrintable(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isPrintable(String text) {
        for (int at = 0; at < text.length(); at++) {
            char next = text.charAt(at);
            if ((next < ' ' && next != '\t') || next == DELETE) {
                return false;
            }
        }
        return true;
    }

    static boolean isText(@Nullable String encoded) {
        if (encoded == null || encoded.indexOf('%') < 0) {
            return true;
        }
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
        for (int at = 0; at < encoded.length(); at++) {
            if (encoded.charAt(at) != '%') {
                // One byte in place of any other character: it ends a sequence that is not complete.
                bytes.put((byte) 'x');
                continue;
            }
            if (at + 2 >= encoded.length()) {
                return false;
            }
            int high = Character.digit(encoded.charAt(++at), 16);
            int low = Character.digit(encoded.charAt(++at), 16);
            if (high < 0 || low < 0) {
                return false;
            }
            bytes.put((byte) (high * 16 + low));
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
