package dev.onsale.eventlog.personal;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PersonalKeyId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;

/**
 * Wraps the keys of all persons, so that a copy of the database, its log of changes or a backup opens nothing by itself. It belongs in
 * another place than the database.
 */
final class MasterKey {

    private static final int FINGERPRINT_BYTES = 8;

    private final SecretKey key;

    private MasterKey(SecretKey key) {
        this.key = key;
    }

    /**
     * @param source names the setting in messages
     * @throws IllegalStateException if it is not the Base64 of 32 bytes; the text itself is in no message
     */
    static MasterKey ofText(String text, String source) {
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            // The cause may quote the text, which is secret.
            decoded = new byte[0];
        }
        if (decoded.length != Aead.KEY_BYTES) {
            throw new IllegalStateException(
                    source + " is not the Base64 of " + Aead.KEY_BYTES + " bytes; openssl rand -base64 32 makes one");
        }
        return new MasterKey(Aead.key(decoded));
    }

    static MasterKey inFile(Path file) {
        try {
            return ofText(Files.readString(file), "The master key in " + file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the master key of personal data in " + file, e);
        }
    }

    /** Makes the file, readable by its owner alone, unless another process was first. */
    static void create(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            // Written aside and linked into place: a second node that starts at the same time sees all of it or
            // nothing.
            Path aside = Files.createTempFile(
                    folder,
                    "personal-data-key",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(
                        aside, Base64.getEncoder().encodeToString(Aead.newKey().getEncoded()) + "\n");
                Files.createLink(file, aside);
            } catch (FileAlreadyExistsException e) {
                // The other node was first; its key is the one to read.
            } finally {
                Files.delete(aside);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the master key of personal data in " + file, e);
        }
    }

    /** Tells master keys apart and says nothing else about them. */
    String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("onsale master key\n".getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(key.getEncoded()), FINGERPRINT_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    byte[] wrap(PersonalKeyId id, BuyerId owner, SecretKey personalKey) {
        return Aead.seal(key, place(id, owner), personalKey.getEncoded());
    }

    SecretKey unwrap(PersonalKeyId id, BuyerId owner, byte[] wrapped) {
        try {
            return Aead.key(Aead.open(key, place(id, owner), wrapped));
        } catch (AEADBadTagException e) {
            throw new IllegalStateException(
                    "The personal key " + id + " was not wrapped for its row by the master key " + fingerprint(), e);
        }
    }

    /** Wraps the key of a part of the product. */
    byte[] wrap(String part, SecretKey secretKey) {
        return Aead.seal(key, place(part), secretKey.getEncoded());
    }

    SecretKey unwrap(String part, byte[] wrapped) {
        try {
            return Aead.key(Aead.open(key, place(part), wrapped));
        } catch (AEADBadTagException e) {
            throw new IllegalStateException(
                    "The secret key of " + part + " was not wrapped by the master key " + fingerprint());
        }
    }

    private static String place(String part) {
        return "onsale.secret-key\n" + part;
    }

    private static String place(PersonalKeyId id, BuyerId owner) {
        return "onsale.personal-key\n" + id + "\n" + owner;
    }
}
