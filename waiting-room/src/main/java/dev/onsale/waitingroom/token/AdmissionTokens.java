package dev.onsale.waitingroom.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Signs and verifies admission tokens: JWS with ES256 for one buyer and one sale, with an id and an expiry. */
public final class AdmissionTokens {

    static final String ISSUER = "onsale-waiting-room";

    /** Distinguishes the token from a login JWT. */
    static final JOSEObjectType TYPE = new JOSEObjectType("admission+jwt");

    static final JOSEObjectType RECEIPT_TYPE = new JOSEObjectType("receipt+jwt");

    private static final int LENGTH_MAX = 2_000;
    private static final int SIGNED_BYTES_MAX = 16 * 1024 * 1024;

    /** Of an admission and its place in the cache, without the text of the token. */
    private static final int ENTRY_BYTES = 500;

    private final AdmissionKeys keys;
    private final Clock clock;
    /** A visitor polls until the token is used, and each poll answers with it. */
    private final Cache<Admission, Signed> tokens = Caffeine.newBuilder()
            .maximumWeight(SIGNED_BYTES_MAX)
            .<Admission, Signed>weigher(
                    (admission, signed) -> ENTRY_BYTES + signed.token().length())
            .build();

    private final Map<String, JWSVerifier> verifiers = new ConcurrentHashMap<>();
    private volatile @Nullable Signing lastSigning;

    public AdmissionTokens(AdmissionKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    private record Signing(String keyId, JWSSigner signer) {}

    private record Signed(String keyId, String token) {}

    /** The signer of the current key, which may change at any time. */
    private Signing signing() {
        ECKey key = keys.signing();
        Signing last = lastSigning;
        if (last == null || !last.keyId().equals(key.getKeyID())) {
            last = new Signing(key.getKeyID(), signer(key));
            lastSigning = last;
        }
        return last;
    }

    /** Signs the history of a visitor. The type makes it useless as an admission token. */
    public String signReceipt(String saleId, String visitor, Instant at, List<Map<String, Object>> journey) {
        return signed(
                RECEIPT_TYPE,
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .subject(visitor)
                        .audience(saleId)
                        .issueTime(Date.from(at))
                        .claim("journey", journey)
                        .build());
    }

    /** The token of an admission that this node has signed with the current key; null if there is none. */
    public @Nullable String signedBefore(Admission admission) {
        Signed known = tokens.getIfPresent(admission);
        return known != null && known.keyId().equals(keys.signing().getKeyID()) ? known.token() : null;
    }

    /** Signed once for each admission and key. */
    public String sign(Admission admission) {
        String known = signedBefore(admission);
        if (known != null) {
            return known;
        }
        String keyId = keys.signing().getKeyID();
        String token = signedNow(admission);
        tokens.put(admission, new Signed(keyId, token));
        return token;
    }

    private String signedNow(Admission admission) {
        return signed(
                TYPE,
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .subject(admission.buyer().value())
                        .audience(admission.saleId())
                        .jwtID(admission.id())
                        .issueTime(Date.from(admission.admittedAt()))
                        .expirationTime(Date.from(admission.expiresAt()))
                        .build());
    }

    private String signed(JOSEObjectType type, JWTClaimsSet claims) {
        Signing signing = signing();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(type)
                        .keyID(signing.keyId())
                        .build(),
                claims);
        try {
            token.sign(signing.signer());
        } catch (JOSEException e) {
            throw new IllegalStateException("An admission token could not be signed", e);
        }
        return token.serialize();
    }

    /**
     * @throws RefusedException with {@code ADMISSION_TOKEN_INVALID} if the token is not genuine, has expired, or is for
     *     another buyer or sale; with {@code TEMPORARILY_UNAVAILABLE} if its key may not have been read yet
     */
    public Admission verify(String text, String saleId, BuyerId buyer) {
        if (text.length() > LENGTH_MAX) {
            throw invalid("This is not an admission token");
        }
        try {
            SignedJWT token = SignedJWT.parse(text);
            JWSHeader header = token.getHeader();
            String signedWith = header.getKeyID();
            JWSVerifier verifier = signedWith == null ? null : verifier(signedWith);
            if (verifier == null
                    || !JWSAlgorithm.ES256.equals(header.getAlgorithm())
                    || !TYPE.equals(header.getType())
                    || !token.verify(verifier)) {
                throw invalid("The admission token is not genuine");
            }
            JWTClaimsSet claims = token.getJWTClaimsSet();
            if (!ISSUER.equals(claims.getIssuer())) {
                throw invalid("The admission token is not genuine");
            }
            if (!buyer.value().equals(claims.getSubject())) {
                throw invalid("The admission token is for another buyer");
            }
            if (!claims.getAudience().equals(List.of(saleId))) {
                throw invalid("The admission token is for another sale");
            }
            Instant expiresAt = required(claims.getExpirationTime()).toInstant();
            if (!clock.instant().isBefore(expiresAt)) {
                throw invalid("The admission token has expired");
            }
            return new Admission(
                    required(claims.getJWTID()),
                    saleId,
                    buyer,
                    required(claims.getIssueTime()).toInstant(),
                    expiresAt);
        } catch (ParseException | JOSEException e) {
            throw invalid("This is not an admission token");
        }
    }

    private static <T> T required(@Nullable T claim) {
        if (claim == null) {
            throw invalid("The admission token is incomplete");
        }
        return claim;
    }

    private static RefusedException invalid(String detail) {
        return new RefusedException(RefusalCode.ADMISSION_TOKEN_INVALID, detail);
    }

    /** Null for a key that is not published, or whose tokens have all expired. */
    private @Nullable JWSVerifier verifier(String keyId) {
        JWSVerifier known = verifiers.get(keyId);
        if (known != null) {
            return keys.acceptsTokensOf(keyId) ? known : null;
        }
        // Not for each token: the set is built anew on each call and grows with every rotation.
        JWK key = keys.accepted().getKeyByKeyId(keyId);
        if (key == null && keys.mayBeBehind()) {
            throw new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE,
                    "The key of this admission token cannot be read now. Try again with the same token");
        }
        return key == null || !keys.acceptsTokensOf(keyId)
                ? null
                : verifiers.computeIfAbsent(keyId, id -> verifier(key.toECKey()));
    }

    private static JWSSigner signer(ECKey key) {
        try {
            return new ECDSASigner(key);
        } catch (JOSEException e) {
            throw new IllegalStateException("The signing key of the admission tokens is not a P-256 key pair", e);
        }
    }

    private static JWSVerifier verifier(ECKey key) {
        try {
            return new ECDSAVerifier(key.toPublicJWK());
        } catch (JOSEException e) {
            throw new IllegalStateException("An accepted key of the admission tokens is not a P-256 key", e);
        }
    }
}
