package dev.onsale.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** A configured issuer: Spring Boot makes the decoder, and its filter chains are not there. */
class IssuerTest {

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({WebConfiguration.class, RulesHost.Things.class})
    static class Host {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    private final RSAKey key = new RSAKeyGenerator(2048).keyID("issuer").generate();

    IssuerTest() throws Exception {}

    @Test
    void tokens_of_the_issuer_are_taken_and_while_its_keys_cannot_be_read_the_answer_is_503() throws Exception {
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        issuer.createContext("/keys", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        issuer.start();
        String jwks = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys";
        try (ConfigurableApplicationContext host = host(jwks)) {
            assertThat(status(host, token("shop"))).isEqualTo(200);
            assertThat(status(host, token("other"))).isEqualTo(401);
            assertThat(status(host, "no-token")).isEqualTo(401);
        } finally {
            issuer.stop(0);
        }
        try (ConfigurableApplicationContext host = host(jwks)) {
            HttpResponse<String> unchecked = delete(host, token("shop"));
            assertThat(unchecked.statusCode()).isEqualTo(503);
            assertThat(unchecked.body()).contains("TEMPORARILY_UNAVAILABLE");
            assertThat(unchecked.headers().firstValue("Retry-After")).hasValue("1");
        }
    }

    private static ConfigurableApplicationContext host(String jwks) {
        return new SpringApplicationBuilder(Host.class)
                .properties(
                        "server.port=0",
                        "logging.level.root=warn",
                        "onsale.web.rate-limit.enabled=false",
                        "spring.security.oauth2.resourceserver.jwt.audiences=shop",
                        "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=" + jwks)
                .run();
    }

    private String token(String audience) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .audience(audience)
                        .subject("alice")
                        .expirationTime(Date.from(Instant.now().plusSeconds(3_600)))
                        .build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static int status(ConfigurableApplicationContext host, String token) throws Exception {
        return delete(host, token).statusCode();
    }

    private static HttpResponse<String> delete(ConfigurableApplicationContext host, String token) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RulesHost.port(host) + "/api/things"))
                            .timeout(Duration.ofSeconds(60))
                            .header("Authorization", "Bearer " + token)
                            .DELETE()
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
