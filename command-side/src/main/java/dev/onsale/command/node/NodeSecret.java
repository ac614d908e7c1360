package dev.onsale.command.node;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that both ends of a connection know the secret of the node that was called. The secret is in the node's row, sealed under
 * the master key, so every node of the database knows it and a copy of the database does not.
 */
final class NodeSecret {

    static final int NONCE_BYTES = 16;
    private static final int SECRET_BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private NodeSecret() {}

    static byte[] fresh() {
        return random(SECRET_BYTES);
    }

    static byte[] nonce() {
        return random(NONCE_BYTES);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /**
     * @param side who proves it; so that no proof serves the other side
     */
    static byte[] proof(byte[] secret, String side, byte[] nonce) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            mac.update(("onsale node connection 1\n" + side + "\n").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(nonce);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC with SHA-256 is part of every Java platform", e);
        }
    }

    static boolean isProof(byte[] given, byte[] secret, String side, byte[] nonce) {
        return MessageDigest.isEqual(given, proof(secret, side, nonce));
    }
}
