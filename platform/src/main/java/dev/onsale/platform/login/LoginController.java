package dev.onsale.platform.login;

import dev.onsale.platform.http.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Who the caller is, for pages, which cannot read the login cookie. */
@RestController
@Tag(name = "Login")
class LoginController {

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
    Me me(ServerWebExchange exchange) {
        Caller caller = Caller.of(exchange);
        return caller == null
                ? new Me(null, false, null, login.getIfAvailable())
                : new Me(caller.getName(), caller.isOperator(), caller.expiresAt(), login.getIfAvailable());
    }

    @PostMapping("/logout")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Remove the login cookie", description = "403 FORBIDDEN if a page of another origin asks.")
    void logout(ServerHttpRequest request, ServerHttpResponse response) {
        SameOrigin.require(request);
        LoginCookie.clear(request, response);
    }
}
