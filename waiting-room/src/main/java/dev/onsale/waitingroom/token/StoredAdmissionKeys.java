package dev.onsale.waitingroom.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys of one node, from a JSON Web Key Set file. The first key signs, all verify. To rotate, insert the new key first
 * and remove the old one after its last token has expired.
 */
public final class StoredAdmissionKeys implements AdmissionKeys {

    private final ECKey signing;
    private final JWKSet accepted;

    private StoredAdmissionKeys(List<ECKey> keys) {
        this.signing = keys.get(0);
        this.accepted = new JWKSet(keys.stream().map(key -> (JWK) key).toList());
    }

    /** A key pair of this process; its tokens are invalid on other nodes and after a restart. */
    public static StoredAdmissionKeys inMemory() {
        return new StoredAdmissionKeys(List.of(generated()));
    }

    /** Reads the file, or creates it with a new key pair, readable only by its owner. */
    public static StoredAdmissionKeys inFile(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return new StoredAdmissionKeys(keysIn(file));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create the admission keys in " + file, e);
        }
    }

    /** The usable keys of a file, the signing key first; none if the file does not exist. */
    static List<ECKey> keysIn(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            List<ECKey> keys = JWKSet.parse(Files.readString(file)).getKeys().stream()
                    .filter(ECKey.class::isInstance)
                    .map(ECKey.class::cast)
                    .filter(key -> key.getCurve().equals(Curve.P_256) && key.isPrivate() && key.getKeyID() != null)
                    .toList();
            if (keys.isEmpty()) {
                throw new IllegalStateException("No private P-256 key with a key id in " + file);
            }
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the admission keys in " + file, e);
        } catch (ParseException e) {
            // The cause may quote the secret content.
            throw new IllegalStateException("No JSON Web Key Set in " + file);
        }
    }

    @Override
    public ECKey signing() {
        return signing;
    }

    @Override
    public JWKSet accepted() {
        return accepted;
    }

    @Override
    public byte[] secret(String purpose) {
        return secret(signing, purpose);
    }

    /** Derived from the private half. */
    static byte[] secret(ECKey key, String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getD().decode(), "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java platform", e);
        }
    }

    private static void create(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        // Written to a temporary file and linked, so another node that starts now sees all of it or nothing.
        Path aside = Files.createTempFile(
                folder,
                "admission-keys",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(aside, new JWKSet(generated()).toString(false));
            Files.createLink(file, aside);
        } catch (FileAlreadyExistsException e) {
            // Another node created the file first; its key is read.
        } finally {
            Files.delete(aside);
        }
    }

    static ECKey generated() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("P-256 is part of every Java platform", e);
        }
    }
}
