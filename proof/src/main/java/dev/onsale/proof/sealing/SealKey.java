package dev.onsale.proof.sealing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.onsale.proof.seal.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.text.ParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signs seals. Anyone with write access to the database can recompute the whole chain, but cannot sign it without this
 * key. Keep the key file on another disk than the database. Thread-safe.
 */
final class SealKey {

    private final ECKey key;
    private final Map<String, PublicKey> known;

    private SealKey(ECKey key, Map<String, PublicKey> known) {
        this.key = key;
        this.known = Map.copyOf(known);
    }

    /**
     * Reads the keys of the file. The first private P-256 key signs. All P-256 keys, also public ones, are known: earlier
     * keys of this log and keys of other nodes. Creates the file, readable only by its owner, if it does not exist.
     */
    static SealKey inFile(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            List<ECKey> keys = JWKSet.parse(Files.readString(file)).getKeys().stream()
                    .filter(ECKey.class::isInstance)
                    .map(ECKey.class::cast)
                    .filter(key -> key.getCurve().equals(Curve.P_256) && key.getKeyID() != null)
                    .toList();
            Map<String, PublicKey> known = new HashMap<>();
            for (ECKey each : keys) {
                known.put(each.getKeyID(), each.toECPublicKey());
            }
            return keys.stream()
                    .filter(ECKey::isPrivate)
                    .findFirst()
                    .map(first -> new SealKey(first, known))
                    .orElseThrow(() -> new IllegalStateException("No private P-256 key with a key id in " + file));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read or create the key of the seals in " + file, e);
        } catch (ParseException | JOSEException e) {
            // The cause is omitted because its message may contain the secret key.
            throw new IllegalStateException("No JSON Web Key Set in " + file);
        }
    }

    private static void create(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        // The key is written to a temporary file and hard-linked into place. A second node that starts at the same time
        // sees the complete file or no file.
        Path aside = Files.createTempFile(
                folder,
                "seal-key",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            ECKey generated = new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
            Files.writeString(aside, new JWKSet(generated).toString(false));
            Files.createLink(file, aside);
        } catch (FileAlreadyExistsException e) {
            // The other node created the file first; its key is used.
        } catch (JOSEException e) {
            throw new IllegalStateException("P-256 is part of every Java platform", e);
        } finally {
            Files.delete(aside);
        }
    }

    String id() {
        return key.getKeyID();
    }

    /** The public part of the key as a JSON Web Key. */
    String publicJwk() {
        return key.toPublicJWK().toJSONString();
    }

    boolean knows(String keyId) {
        return known.containsKey(keyId);
    }

    /** Whether a known key signed the digest. */
    boolean hasSigned(Digest digest, String keyId, @Nullable String signature) {
        PublicKey signer = known.get(keyId);
        if (signer == null || signature == null) {
            return false;
        }
        try {
            Signature check = Signature.getInstance("SHA256withECDSAinP1363Format");
            check.initVerify(signer);
            check.update(digest.bytes());
            return check.verify(Base64.getUrlDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            return false;
        }
    }

    /** ES256 over the bytes of the digest, base64url. */
    String sign(Digest digest) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key.toECPrivateKey());
            signature.update(digest.bytes());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException("A seal cannot be signed", e);
        }
    }
}
