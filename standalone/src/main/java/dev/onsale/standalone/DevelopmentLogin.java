package dev.onsale.standalone;

import dev.onsale.platform.login.LoginCookie;
import dev.onsale.platform.login.SameOrigin;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Signs a browser in under any name, for {@link DevelopmentTokens}. */
@RestController
@Tag(name = "Development")
class DevelopmentLogin {

    private final TokenController tokens;
    private final Clock clock;

    DevelopmentLogin(TokenController tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * @param name subject of the token
     * @param operator whether the token has the role {@code operator}
     */
    record LoginRequest(String name, @Nullable Boolean operator) {}

    @Operation(
            summary = "Sign a browser in under any name, for development",
            description =
                    "Exists only if development tokens are enabled and no issuer is configured. 400 INVALID_REQUEST;"
                            + " 403 FORBIDDEN if a page of another origin asks.")
    @PostMapping("/dev/login")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void login(@RequestBody LoginRequest login, ServerHttpRequest request, ServerHttpResponse response) {
        SameOrigin.require(request);
        List<String> roles = Boolean.TRUE.equals(login.operator()) ? List.of("operator") : List.of();
        TokenController.TokenAnswer issued = tokens.issue(new TokenController.TokenRequest(login.name(), null, roles));
        LoginCookie.set(
                request,
                response,
                Objects.requireNonNull(issued.token()),
                Duration.between(clock.instant(), issued.expiresAt()));
    }
}
