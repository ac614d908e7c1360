package dev.onsale.waitingroom.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One Lua script: a change that happens as a whole or not at all. */
public record Script(String name, String source, String sha1) {

    /** Reads {@code <name>.lua} from the waiting room's resources. */
    public static Script load(String name) {
        try (InputStream resource = Script.class.getResourceAsStream("/dev/onsale/waitingroom/" + name + ".lua")) {
            if (resource == null) {
                throw new IllegalStateException("The script " + name + ".lua is not in the jar");
            }
            byte[] source = resource.readAllBytes();
            String sha1 =
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source));
            return new Script(name, new String(source, StandardCharsets.UTF_8), sha1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1 is part of every Java platform", e);
        }
    }
}
