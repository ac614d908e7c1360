package dev.onsale.waitingroom.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A master key of the tests. A nonce for each key id is enough: each is wrapped once. */
public record TestWrapping(int master, boolean isAvailable) implements KeyWrapping {

    public TestWrapping(int master) {
        this(master, true);
    }

    @Override
    public byte[] wrap(String keyId, byte[] key) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, keyId).doFinal(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public byte[] unwrap(String keyId, byte[] wrapped) {
        try {
            return cipher(Cipher.DECRYPT_MODE, keyId).doFinal(wrapped);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Not wrapped under this master key", e);
        }
    }

    private Cipher cipher(int mode, String keyId) throws GeneralSecurityException {
        byte[] key = new byte[32];
        key[0] = (byte) master;
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce = Arrays.copyOf(keyId.getBytes(StandardCharsets.US_ASCII), 12);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        return cipher;
    }
}
