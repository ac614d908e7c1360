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
        return of(name, read(name));
    }

    /** The same with {@code functions.lua} before it. */
    public static Script withFunctions(String name) {
        return of(name, read("functions") + "\n" + read(name));
    }

    private static Script of(String name, String source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.UTF_8));
            return new Script(name, source, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1 is part of every Java platform", e);
        }
    }

    private static String read(String name) {
        try (InputStream resource = Script.class.getResourceAsStream("/dev/onsale/waitingroom/" + name + ".lua")) {
            if (resource == null) {
                throw new IllegalStateException("The script " + name + ".lua is not in the jar");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
