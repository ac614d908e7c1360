package dev.onsale.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

class TokenIssuerCheckTest {

    private static final String JWT = "spring.security.oauth2.resourceserver.jwt.";
    private static final String AUDIENCE = JWT + "audiences=onsale";
    private static final String ENABLED = "onsale.standalone.development-tokens.enabled=true";
    private static final String ON_ALL_ADDRESSES = "onsale.standalone.development-tokens.on-all-addresses=true";

    @TempDir
    private Path data = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "issuer-uri=https://issuer.example",
                "jwk-set-uri=https://issuer.example/keys",
                "public-key-location=classpath:key.pem"
            })
    void a_configured_issuer_switches_development_tokens_off(String issuer) {
        assertThat(check(JWT + issuer, AUDIENCE, ENABLED)).isEmpty();
        assertThat(issuesDevelopmentTokens(JWT + issuer, AUDIENCE, ENABLED)).isFalse();
        assertThatThrownBy(() -> check(JWT + issuer)).isInstanceOf(StartFailure.class);
        assertThatThrownBy(() -> check(JWT + issuer, ENABLED)).isInstanceOf(StartFailure.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server.port=8080",
                "onsale.payment.provider=stripe",
                "spring.datasource.url=jdbc:mysql://db/onsale",
                "onsale.standalone.demo=true",
                "onsale.standalone.development-tokens.enabled=false",
                "onsale.standalone.development-tokens.on-all-addresses=true"
            })
    void development_tokens_exist_only_if_asked_for_by_name(String setting) {
        assertThatThrownBy(() -> check(setting))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("issuer-uri");
        assertThat(issuesDevelopmentTokens(setting)).isFalse();
    }

    @Test
    void a_server_with_development_tokens_is_bound_to_loopback() {
        assertThat(check(ENABLED)).containsEntry("server.address", "127.0.0.1");
        assertThat(issuesDevelopmentTokens(ENABLED)).isTrue();
        assertThat(check(ENABLED, "server.address=::1")).isEmpty();
        assertThat(check(ENABLED, "server.address=127.0.0.2")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.1.2.3", "192.168.0.7", "fe80::1"})
    void any_other_address_needs_a_second_setting(String address) {
        assertThatThrownBy(() -> check(ENABLED, "server.address=" + address))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(address);
        assertThat(check(ENABLED, ON_ALL_ADDRESSES, "server.address=" + address))
                .isEmpty();
    }

    @Test
    void the_second_setting_leaves_the_address_as_it_is() {
        assertThat(check(ENABLED, ON_ALL_ADDRESSES)).isEmpty();
    }

    private static Map<String, Object> check(String... settings) {
        MockEnvironment environment = new MockEnvironment();
        Arrays.stream(settings)
                .map(setting -> setting.split("=", 2))
                .forEach(setting -> environment.setProperty(setting[0], setting[1]));
        Map<String, Object> found = new HashMap<>();
        TokenIssuerCheck.check(environment, found);
        return found;
    }

    private boolean issuesDevelopmentTokens(String... settings) {
        List<Boolean> issues = new ArrayList<>();
        new ApplicationContextRunner()
                .withUserConfiguration(DevelopmentTokens.class, Base.class)
                .withPropertyValues(settings)
                .withPropertyValues("onsale.standalone.data=" + data)
                .run(context -> issues.add(
                        !context.getBeansOfType(TokenController.class).isEmpty()));
        return issues.getFirst();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(StandaloneProperties.class)
    static class Base {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }
}
