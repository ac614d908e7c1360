package dev.onsale.platform.login;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * The cookie with the bearer token of a browser. Scripts cannot read it, and browsers do not send it with requests of other sites,
 * except when a link is followed. With the prefix {@code __Host-} it needs TLS and belongs to one host; on plain HTTP on this
 * machine it has no prefix.
 */
public final class LoginCookie {

    static final String NAME = "__Host-onsale-login";
    static final String LOCAL_NAME = "onsale-login";
    private static final Set<String> LOCAL_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private LoginCookie() {}

    /** Signs the browser in. */
    public static void set(ServerHttpRequest request, ServerHttpResponse response, String token, Duration lifetime) {
        response.addCookie(cookie(request, token, lifetime));
    }

    static void clear(ServerHttpRequest request, ServerHttpResponse response) {
        response.addCookie(cookie(request, "", Duration.ZERO));
    }

    static @Nullable String token(ServerHttpRequest request) {
        HttpCookie cookie = request.getCookies().getFirst(NAME);
        if (cookie == null && isLocal(request)) {
            cookie = request.getCookies().getFirst(LOCAL_NAME);
        }
        return cookie == null || cookie.getValue().isEmpty() ? null : cookie.getValue();
    }

    private static ResponseCookie cookie(ServerHttpRequest request, String token, Duration lifetime) {
        boolean local = isLocal(request);
        return ResponseCookie.from(local ? LOCAL_NAME : NAME, token)
                .httpOnly(true)
                .secure(!local)
                .sameSite("Lax")
                .path("/")
                .maxAge(lifetime)
                .build();
    }

    /** Behind a proxy with TLS the request is plain, but its host is not this machine. */
    private static boolean isLocal(ServerHttpRequest request) {
        String host = request.getHeaders().getFirst(HttpHeaders.HOST);
        return !"https".equals(request.getURI().getScheme())
                && host != null
                && LOCAL_HOSTS.contains(host.replaceFirst(":\\d+$", ""));
    }
}
