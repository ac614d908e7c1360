package dev.onsale.platform.http;

import static dev.onsale.platform.http.Access.OPERATOR;
import static dev.onsale.platform.http.Access.PUBLIC;
import static dev.onsale.platform.http.Access.TOKEN;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The table of who may send which request. The first rule that matches counts; without one, a token is needed. */
final class AccessRules {

    /** HEAD is GET without the body, and needs the same. */
    private static final Set<HttpMethod> READ = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private static final Set<HttpMethod> POST = Set.of(HttpMethod.POST);

    private static final Set<HttpMethod> PATCH = Set.of(HttpMethod.PATCH);

    /** Every method. */
    private static final Set<HttpMethod> ANY = Set.of();

    private static final List<Rule> RULES = Stream.of(
                    rules(
                            PUBLIC,
                            READ,
                            "/api/me",
                            "/api/performances",
                            "/api/performances/**",
                            "/api/campaigns/**",
                            "/api/schemas",
                            "/api/schemas/*",
                            "/api/seals/**",
                            "/api/waiting-rooms/*",
                            "/api/waiting-rooms/*/shuffle",
                            "/favicon.ico"),
                    rules(PUBLIC, ANY, "/", "/swagger-ui.html", "/swagger-ui/**", "/webjars/**", "/v3/api-docs/**"),
                    rules(PUBLIC, ANY, "/dev/**", "/.well-known/**"),
                    // Removes a cookie, also one whose token is no longer valid.
                    rules(PUBLIC, POST, "/logout"),
                    // The gateway's signature takes the place of a token.
                    rules(PUBLIC, POST, "/api/payment-webhooks"),
                    // On the management port, which is for operators and their scrapers alone.
                    rules(PUBLIC, ANY, "/actuator/health/**", "/actuator/info", "/actuator/prometheus"),
                    rules(OPERATOR, ANY, "/api/admin/**", "/api/audit/**"),
                    rules(OPERATOR, Set.of(HttpMethod.DELETE), "/api/performances/*"),
                    rules(
                            OPERATOR,
                            POST,
                            "/api/performances",
                            "/api/performances/*/sale/*",
                            "/api/performances/*/seats/*",
                            "/api/campaigns",
                            "/api/campaigns/*/close",
                            "/api/campaigns/*/coupons/*/revoke"),
                    rules(OPERATOR, PATCH, "/api/performances/*", "/api/campaigns/*"))
            .flatMap(List::stream)
            .toList();

    private AccessRules() {}

    /**
     * @param methods empty for all
     */
    private record Rule(Set<HttpMethod> methods, PathPattern path, Access access) {

        boolean matches(HttpMethod method, PathContainer requested) {
            return (methods.isEmpty() || methods.contains(method)) && path.matches(requested);
        }
    }

    private static List<Rule> rules(Access access, Set<HttpMethod> methods, String... paths) {
        return Stream.of(paths)
                .map(path -> new Rule(methods, PathPatternParser.defaultInstance.parse(path), access))
                .toList();
    }

    static Access of(HttpMethod method, PathContainer path) {
        for (Rule rule : RULES) {
            if (rule.matches(method, path)) {
                return rule.access();
            }
        }
        return TOKEN;
    }
}
