package dev.onsale.platform.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;

class LoginCookieTest {

    private static final String TOKEN = "a.bearer.token";

    /** Also behind a proxy that ends TLS, and for names that only look like this machine. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example/",
                "http://shop.example/",
                "http://localhost.shop.example/",
                "http://127.0.0.1.shop.example/",
                "https://localhost/"
            })
    void a_cookie_needs_tls_and_belongs_to_one_host(String address) {
        ResponseCookie cookie = set(address, LoginCookie.NAME);
        assertThat(cookie.isSecure()).isTrue();
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.getSameSite()).isEqualTo("Lax");
        assertThat(cookie.getPath()).isEqualTo("/");
        assertThat(cookie.getDomain()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost/", "http://localhost:8080/", "http://127.0.0.1:8080/", "http://[::1]:8080/"})
    void on_plain_http_on_this_machine_the_cookie_has_no_prefix(String address) {
        ResponseCookie cookie = set(address, LoginCookie.LOCAL_NAME);
        assertThat(cookie.isSecure()).isFalse();
        assertThat(cookie.isHttpOnly()).isTrue();
    }

    @Test
    void the_cookie_without_the_prefix_counts_on_this_machine_only() {
        assertThat(LoginCookie.token(with("http://127.0.0.1:8080/", LoginCookie.LOCAL_NAME)))
                .isEqualTo(TOKEN);
        assertThat(LoginCookie.token(with("http://shop.example/", LoginCookie.LOCAL_NAME)))
                .isNull();
        assertThat(LoginCookie.token(with("http://shop.example/", LoginCookie.NAME)))
                .isEqualTo(TOKEN);
    }

    private static ResponseCookie set(String address, String name) {
        MockServerHttpResponse response = new MockServerHttpResponse();
        LoginCookie.set(request(address).build(), response, TOKEN, Duration.ofHours(1));
        return Objects.requireNonNull(response.getCookies().getFirst(name));
    }

    private static MockServerHttpRequest with(String address, String name) {
        return request(address).cookie(new HttpCookie(name, TOKEN)).build();
    }

    private static MockServerHttpRequest.BaseBuilder<?> request(String address) {
        return MockServerHttpRequest.get(address)
                .header("Host", address.replaceFirst("https?://", "").replace("/", ""));
    }
}
