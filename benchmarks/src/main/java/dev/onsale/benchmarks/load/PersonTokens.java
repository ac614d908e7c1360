package dev.onsale.benchmarks.load;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Bearer tokens as the development issuer signs them (RS256, with an end), one for each person. Thread-safe. */
public final class PersonTokens {

    private static final Duration LIFETIME = Duration.ofHours(12);

    private final RSASSASigner signer;
    private final String keyId;
    private final Map<Integer, String> tokens = new ConcurrentHashMap<>();

    public PersonTokens(RSAKey key) throws JOSEException {
        this.signer = new RSASSASigner(key);
        this.keyId = key.getKeyID();
    }

    /** Signs the tokens that do not exist yet, with all processors. */
    void prepare(int firstPerson, int people) {
        IntStream.range(firstPerson, firstPerson + people).parallel().forEach(this::of);
    }

    String of(int person) {
        return tokens.computeIfAbsent(person, number -> sign("person-" + number, List.of()));
    }

    /** A token of somebody else, for example of an operator. */
    public String sign(String subject, List<String> roles) {
        Instant now = Instant.now();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build(),
                new JWTClaimsSet.Builder()
                        .issuer("https://development.onsale.invalid")
                        .audience("onsale")
                        .subject(subject)
                        .claim("roles", roles)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(LIFETIME)))
                        .build());
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("The key cannot sign", e);
        }
        return token.serialize();
    }
}
