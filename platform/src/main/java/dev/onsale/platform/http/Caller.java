package dev.onsale.platform.http;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.server.ServerWebExchange;

/** The sender of a request, as a verified bearer token names it. Keeps no other claims, because many are cached. Immutable. */
public final class Caller extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;
    private static final String ATTRIBUTE = Caller.class.getName();
    private static final String ROLE_PREFIX = "ROLE_";

    private final String subject;
    private final @Nullable Instant expiresAt;
    private final boolean operator;

    private Caller(String subject, @Nullable Instant expiresAt, List<GrantedAuthority> roles) {
        super(roles);
        this.subject = subject;
        this.expiresAt = expiresAt;
        this.operator =
                roles.stream().anyMatch(role -> (ROLE_PREFIX + WebConfiguration.OPERATOR).equals(role.getAuthority()));
        super.setAuthenticated(true);
    }

    static Caller of(Jwt token) {
        List<String> claimed = token.getClaimAsStringList("roles");
        List<GrantedAuthority> roles = claimed == null
                ? List.of()
                : claimed.stream()
                        .<GrantedAuthority>map(role -> new SimpleGrantedAuthority(ROLE_PREFIX + role))
                        .toList();
        String subject = token.getSubject();
        return new Caller(subject == null ? "" : subject, token.getExpiresAt(), roles);
    }

    /** Who sent the request; nothing if it has no bearer token. */
    public static @Nullable Caller of(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE);
    }

    void attachTo(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    /** Subject of the token; empty if it has none. */
    @Override
    public String getName() {
        return subject;
    }

    @Override
    public Object getPrincipal() {
        return subject;
    }

    @Override
    public @Nullable Object getCredentials() {
        return null;
    }

    /** End of the token; absent if it has none. */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    public boolean isOperator() {
        return operator;
    }
}
