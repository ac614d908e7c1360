package dev.onsale.platform.login;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Tells requests of the own pages from those of other sites (OWASP, Cross-Site Request Forgery Prevention). A browser sends
 * {@code Sec-Fetch-Site}, or at least {@code Origin}, and no other site can set them. The header of our own cannot be sent by a
 * form, and by a script of another origin only after a preflight, which is refused.
 */
public final class SameOrigin {

    /** Sent by the pages with each request that changes something. */
    public static final String HEADER = "Onsale-Page";

    private static final String FETCH_SITE = "Sec-Fetch-Site";
    private static final String PROBLEM = "With the login cookie, changes need the header " + HEADER
            + " and come from pages of this origin. Programs send a bearer token";

    private SameOrigin() {}

    /**
     * @throws RefusedException with {@code FORBIDDEN} unless the request comes from a page of this origin
     */
    public static void require(ServerHttpRequest request) {
        if (!holds(request)) {
            throw refusal();
        }
    }

    static boolean holds(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        if (!headers.containsHeader(HEADER)) {
            return false;
        }
        String site = headers.getFirst(FETCH_SITE);
        return site == null
                ? isOwn(headers.getFirst(HttpHeaders.ORIGIN), headers.getFirst(HttpHeaders.HOST))
                : site.equals("same-origin");
    }

    static RefusedException refusal() {
        return new RefusedException(RefusalCode.FORBIDDEN, PROBLEM);
    }

    private static boolean isOwn(@Nullable String origin, @Nullable String host) {
        if (origin == null || host == null) {
            return false;
        }
        try {
            return host.equalsIgnoreCase(new URI(origin).getAuthority());
        } catch (java.net.URISyntaxException e) {
            return false;
        }
    }
}
