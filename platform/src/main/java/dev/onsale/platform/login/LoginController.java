package dev.onsale.platform.login;

import dev.onsale.platform.http.WebConfiguration;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Who the caller is, for pages, which cannot read the login cookie. */
@RestController
@Tag(name = "Login")
class LoginController {

    private static final String OPERATOR = "ROLE_" + WebConfiguration.OPERATOR;

    private final ObjectProvider<LoginMethod> login;

    LoginController(ObjectProvider<LoginMethod> login) {
        this.login = login;
    }

    /**
     * @param buyer null if nobody is signed in
     * @param until end of the bearer token
     * @param login how people sign in with a browser, null if they cannot
     */
    record Me(
            @Nullable String buyer,
            boolean operator,
            @Nullable Instant until,
            @Nullable LoginMethod login) {}

    @GetMapping("/api/me")
    @Operation(summary = "Who the caller is, if anybody")
    Mono<Me> me() {
        return ReactiveSecurityContextHolder.getContext()
                .mapNotNull(SecurityContext::getAuthentication)
                .map(this::me)
                .defaultIfEmpty(new Me(null, false, null, login.getIfAvailable()));
    }

    private Me me(Authentication person) {
        Instant until = person.getPrincipal() instanceof Jwt jwt ? jwt.getExpiresAt() : null;
        boolean operator =
                person.getAuthorities().stream().anyMatch(authority -> OPERATOR.equals(authority.getAuthority()));
        return new Me(person.getName(), operator, until, login.getIfAvailable());
    }

    @PostMapping("/logout")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Remove the login cookie", description = "403 FORBIDDEN if a page of another origin asks.")
    void logout(ServerHttpRequest request, ServerHttpResponse response) {
        SameOrigin.require(request);
        LoginCookie.clear(request, response);
    }
}
