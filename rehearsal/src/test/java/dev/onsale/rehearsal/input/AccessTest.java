package dev.onsale.rehearsal.input;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Request;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Sends a request of every kind of sender to every endpoint of the running server. The body is malformed: a request that passes the
 * access rules is refused with 400 by the rule for bodies, and nothing is done.
 */
@SharedOnsale
class AccessTest {

    private static final String ISSUER = "https://development.onsale.invalid";
    private static final String AUDIENCE = "onsale";
    private static final String MALFORMED = "{\"text\":\"\\ud800\"}";

    /** Everybody may read these; what is below {@code /api} and not named here or for operators needs a token. */
    private static final Set<String> PUBLIC = Set.of(
            "GET /api/me",
            "GET /api/performances",
            "GET /api/performances/{}",
            "GET /api/performances/{}/seat-map",
            "GET /api/performances/{}/seat-map/stream",
            "GET /api/performances/{}/seating-plan",
            "GET /api/performances/fastest-selling",
            "GET /api/campaigns",
            "GET /api/campaigns/{}",
            "GET /api/schemas",
            "GET /api/schemas/{}",
            "GET /api/waiting-rooms/{}",
            "GET /api/waiting-rooms/{}/shuffle",
            "POST /api/payment-webhooks");

    private static final Set<String> OPERATOR = Set.of(
            "POST /api/performances",
            "POST /api/performances/{}/sale/open",
            "POST /api/performances/{}/sale/close",
            "PATCH /api/performances/{}",
            "DELETE /api/performances/{}",
            "POST /api/performances/{}/seats/block",
            "POST /api/performances/{}/seats/release",
            "POST /api/campaigns",
            "PATCH /api/campaigns/{}",
            "POST /api/campaigns/{}/close",
            "POST /api/campaigns/{}/coupons/{}/revoke");

    private final Onsale onsale;
    private final RSAKey issuer;
    private final Instant now = Instant.now();

    AccessTest(Onsale onsale) throws Exception {
        this.onsale = onsale;
        issuer = RSAKey.parse(Files.readString(onsale.data().resolve("development-key.json")));
    }

    @Test
    void every_endpoint_takes_requests_of_those_who_may_and_of_nobody_else() throws Exception {
        Map<String, String> refused = refusedTokens();
        String buyer = onsale.person("access-buyer").token();
        String operator = onsale.operator();
        List<String> wrong = new ArrayList<>();
        int endpoints = 0;
        JsonNode api = onsale.get("/v3/api-docs").send().require(200);
        for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String method = operation.getKey().toUpperCase(Locale.ROOT);
                String needed = needed(method, path.getKey());
                String anonymous = needed.equals("nothing") ? "400" : "401 UNAUTHENTICATED";
                compare(wrong, method, path.getKey(), "nobody", "", anonymous);
                for (Map.Entry<String, String> token : refused.entrySet()) {
                    compare(wrong, method, path.getKey(), token.getKey(), token.getValue(), "401 UNAUTHENTICATED");
                }
                compare(
                        wrong,
                        method,
                        path.getKey(),
                        "buyer",
                        buyer,
                        needed.equals("operator") ? "403 FORBIDDEN" : "400");
                compare(wrong, method, path.getKey(), "operator", operator, "400");
                endpoints++;
            }
        }
        assertThat(endpoints).isGreaterThan(50);
        assertThat(wrong).isEmpty();
    }

    private Map<String, String> refusedTokens() throws JOSEException {
        RSAKey foreign = new RSAKeyGenerator(2048).keyID(issuer.getKeyID()).generate();
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("foreign key", token(foreign, ISSUER, AUDIENCE, now.plusSeconds(3_600)));
        tokens.put("foreign issuer", token(issuer, "https://issuer.example", AUDIENCE, now.plusSeconds(3_600)));
        tokens.put("foreign audience", token(issuer, ISSUER, "another", now.plusSeconds(3_600)));
        tokens.put("expired", token(issuer, ISSUER, AUDIENCE, now.minusSeconds(3_600)));
        tokens.put("no token", "alice");
        return tokens;
    }

    /** All of them claim to be of an operator. */
    private String token(RSAKey key, String by, String audience, Instant end) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(issuer.getKeyID())
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer(by)
                        .audience(audience)
                        .subject("mallory")
                        .claim("roles", List.of("operator"))
                        .issueTime(Date.from(now.minusSeconds(7_200)))
                        .expirationTime(Date.from(end))
                        .build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static String needed(String method, String path) {
        String endpoint = method + " " + path.replaceAll("\\{[^}]*}", "{}");
        if (path.startsWith("/api/admin/") || path.startsWith("/api/audit/") || OPERATOR.contains(endpoint)) {
            return "operator";
        }
        boolean open = PUBLIC.contains(endpoint)
                || (method.equals("GET") && path.startsWith("/api/seals"))
                || !path.startsWith("/api/");
        return open ? "nothing" : "token";
    }

    private void compare(List<String> wrong, String method, String path, String sender, String token, String expected)
            throws Exception {
        Request request = onsale.request(method, path.replaceAll("\\{[^}]*}", "none"))
                .key("access")
                .body("application/json", MALFORMED);
        Answer answer = (token.isEmpty() ? request : request.as(token)).send();
        String actual = answer.status() + (answer.status() == 400 ? "" : " " + answer.code());
        if (!actual.equals(expected)) {
            wrong.add(method + " " + path + " by " + sender + ": " + actual + " instead of " + expected);
        }
    }
}
