package dev.onsale.rehearsal.input;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tokens with one fault each. All are signed with the issuer's key unless the signature is the fault. */
final class Tokens {

    private static final String ISSUER = "https://development.onsale.invalid";
    private static final int KEY_BITS = 2048;

    private final RSAKey key;

    Tokens(Path data) throws Exception {
        key = RSAKey.parse(Files.readString(data.resolve("development-key.json")));
    }

    Map<String, String> unacceptable(String subject) throws JOSEException {
        RSAKey stranger = new RSAKeyGenerator(KEY_BITS).keyID("development").generate();
        String good = signed(claims(subject).build(), key);
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("text that is not a token", "not.a.token");
        tokens.put("a token that was changed", good.substring(0, good.length() - 8) + "AAAAAAAA");
        tokens.put("a token of another key", signed(claims(subject).build(), stranger));
        tokens.put("a token without a signature", new PlainJWT(claims(subject).build()).serialize());
        tokens.put(
                "a token that expired",
                signed(
                        claims(subject)
                                .expirationTime(at("2026-01-02T00:00:00Z"))
                                .build(),
                        key));
        tokens.put(
                "a token of the future",
                signed(claims(subject).notBeforeTime(at("2098-01-01T00:00:00Z")).build(), key));
        tokens.put(
                "a token of another issuer",
                signed(claims(subject).issuer("https://elsewhere.invalid").build(), key));
        tokens.put(
                "a token for another audience",
                signed(claims(subject).audience("elsewhere").build(), key));
        tokens.put(
                "a token without a subject",
                signed(claims(subject).subject(null).build(), key));
        tokens.put(
                "a token with an invalid subject",
                signed(claims(subject).subject("no body").build(), key));
        return tokens;
    }

    private static JWTClaimsSet.Builder claims(String subject) {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("onsale")
                .subject(subject)
                .issueTime(at("2026-01-01T00:00:00Z"))
                .expirationTime(at("2099-01-01T00:00:00Z"));
    }

    private static String signed(JWTClaimsSet claims, RSAKey key) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("development").build(), claims);
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static Date at(String instant) {
        return Date.from(Instant.parse(instant));
    }
}
