package dev.onsale.waitingroom.token;

import static dev.onsale.waitingroom.HandMovedClock.NOON;
import static dev.onsale.waitingroom.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.waitingroom.HandMovedClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTokensTest {

    private static final String SALE = "sale-1";
    private static final BuyerId ALICE = BuyerId.of("alice");
    private static final Admission ADMISSION =
            new Admission("id-1", SALE, ALICE, NOON, NOON.plus(Duration.ofMinutes(10)));

    private final HandMovedClock clock = new HandMovedClock();
    private final StoredAdmissionKeys keys = StoredAdmissionKeys.inMemory();
    private final AdmissionTokens tokens = new AdmissionTokens(keys, clock);

    @Test
    void a_signed_admission_is_read_back() {
        assertThat(tokens.verify(tokens.sign(ADMISSION), SALE, ALICE)).isEqualTo(ADMISSION);
    }

    @Test
    void a_token_is_signed_once_for_each_admission_and_key() {
        String token = tokens.sign(ADMISSION);
        assertThat(tokens.sign(ADMISSION)).isEqualTo(token);
        assertThat(tokens.signedBefore(ADMISSION)).isEqualTo(token);
        Admission later = new Admission("id-2", SALE, ALICE, NOON, NOON.plus(Duration.ofMinutes(10)));
        assertThat(tokens.signedBefore(later)).isNull();
        assertThat(tokens.sign(later)).isNotEqualTo(token);
    }

    @Test
    void anyone_can_check_a_token_with_the_published_key() throws Exception {
        SignedJWT token = SignedJWT.parse(tokens.sign(ADMISSION));
        JWKSet published = JWKSet.parse(keys.accepted().toPublicJWKSet().toJSONObject());

        assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
        assertThat(token.verify(new ECDSAVerifier(
                        published.getKeyByKeyId(token.getHeader().getKeyID()).toECKey())))
                .isTrue();
        assertThat(published.getKeys()).noneMatch(key -> key.isPrivate());
    }

    @Test
    void a_token_ends_at_its_expiry_and_not_before() {
        String token = tokens.sign(ADMISSION);
        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        tokens.verify(token, SALE, ALICE);

        clock.advance(Duration.ofMillis(1));

        assertInvalid(token);
    }

    @Test
    void a_token_with_any_part_changed_is_refused() {
        String token = tokens.sign(ADMISSION);
        String[] parts = token.split("\\.", -1);
        String otherClaims = tokens.sign(new Admission("id-2", SALE, ALICE, NOON, NOON.plus(Duration.ofDays(1))))
                .split("\\.", -1)[1];

        assertInvalid(parts[0] + "." + otherClaims + "." + parts[2]);
        assertInvalid(parts[0] + "." + parts[1] + "." + flipped(parts[2]));
        assertInvalid(parts[0] + "." + parts[1] + ".");
        assertInvalid(parts[0] + "." + parts[1]);
    }

    @Test
    void a_token_signed_by_another_key_is_refused_though_it_names_ours() throws Exception {
        ECKey stranger = StoredAdmissionKeys.inMemory().signing();

        assertInvalid(new AdmissionTokens(StoredAdmissionKeys.inMemory(), clock).sign(ADMISSION));
        assertInvalid(signed(stranger, keys.signing().getKeyID(), AdmissionTokens.TYPE, claims().build()));
    }

    @Test
    void a_token_of_another_kind_is_refused_though_our_key_signed_it() throws Exception {
        String keyId = keys.signing().getKeyID();

        assertInvalid(signed(keys.signing(), keyId, JOSEObjectType.JWT, claims().build()));
        assertInvalid(signed(
                keys.signing(),
                keyId,
                AdmissionTokens.TYPE,
                claims().issuer("x").build()));
        assertInvalid(signed(
                keys.signing(),
                keyId,
                AdmissionTokens.TYPE,
                claims().jwtID(null).build()));
        assertInvalid(signed(
                keys.signing(),
                keyId,
                AdmissionTokens.TYPE,
                claims().expirationTime(null).build()));
        assertInvalid(signed(
                keys.signing(),
                keyId,
                AdmissionTokens.TYPE,
                claims().audience(List.of(SALE, "sale-2")).build()));
    }

    @Test
    void neither_no_signature_nor_a_shared_secret_made_of_the_public_key_is_accepted() throws Exception {
        byte[] publicKey =
                keys.signing().toPublicJWK().toJSONString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        SignedJWT withSecret = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(AdmissionTokens.TYPE)
                        .keyID(keys.signing().getKeyID())
                        .build(),
                claims().build());
        withSecret.sign(new MACSigner(Arrays.copyOf(publicKey, 64)));

        assertInvalid(withSecret.serialize());
        assertInvalid(new PlainJWT(claims().build()).serialize());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "..", "a.b.c", "e30.e30.e30"})
    void rubbish_is_refused(String rubbish) {
        assertInvalid(rubbish);
    }

    @Test
    void a_text_longer_than_any_token_is_refused_unread() {
        assertInvalid("a".repeat(1_000_000));
    }

    private void assertInvalid(String token) {
        assertRefused(RefusalCode.ADMISSION_TOKEN_INVALID, () -> tokens.verify(token, SALE, ALICE));
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(AdmissionTokens.ISSUER)
                .subject("alice")
                .audience(SALE)
                .jwtID("id-1")
                .issueTime(java.util.Date.from(NOON))
                .expirationTime(java.util.Date.from(NOON.plus(Duration.ofMinutes(10))));
    }

    private static String signed(ECKey key, String keyId, JOSEObjectType type, JWTClaimsSet claims) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(type)
                        .keyID(keyId)
                        .build(),
                claims);
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private static String flipped(String signature) {
        char first = signature.charAt(0);
        return (first == 'A' ? 'B' : 'A') + signature.substring(1);
    }
}
