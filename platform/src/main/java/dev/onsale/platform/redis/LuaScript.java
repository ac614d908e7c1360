package dev.onsale.platform.redis;

import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Lua script from the class path. {@link AsyncRedis#run} sends its digest, and its source if Redis does not know the digest.
 *
 * @param <T> the type of its reply
 */
public final class LuaScript<T> {

    private final String name;
    private final String source;
    private final String sha1;
    private final ScriptOutputType output;
    private final Function<Object, T> decoder;

    private LuaScript(ScriptOutputType output, Function<Object, T> decoder, String... resources) {
        StringBuilder joined = new StringBuilder();
        for (String resource : resources) {
            joined.append(read(resource)).append('\n');
        }
        this.name = resources[resources.length - 1];
        this.source = joined.toString();
        this.sha1 = sha1(source);
        this.output = output;
        this.decoder = decoder;
    }

    /**
     * A script that returns an integer.
     *
     * @param resources absolute paths on the class path; the files are joined in this order
     */
    public static LuaScript<Long> ofNumber(String... resources) {
        return new LuaScript<>(ScriptOutputType.INTEGER, Long.class::cast, resources);
    }

    /** A script that returns a string. See {@link #ofNumber} for the resources. */
    public static LuaScript<String> ofText(String... resources) {
        return new LuaScript<>(ScriptOutputType.VALUE, ScriptReply::asText, resources);
    }

    /** A script that returns a list of strings, integers and lists. See {@link #ofNumber} for the resources. */
    public static LuaScript<ScriptReply> ofList(String... resources) {
        return new LuaScript<>(ScriptOutputType.MULTI, values -> new ScriptReply((List<?>) values), resources);
    }

    public String name() {
        return name;
    }

    public String source() {
        return source;
    }

    String sha1() {
        return sha1;
    }

    ScriptOutputType output() {
        return output;
    }

    T decode(@Nullable Object reply) {
        return decoder.apply(Objects.requireNonNull(reply, () -> name + " returned nothing"));
    }

    private static String read(String resource) {
        try (@Nullable InputStream script = LuaScript.class.getResourceAsStream(resource)) {
            if (script == null) {
                throw new IllegalStateException("The script " + resource + " is not on the class path");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String source) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(digest.digest(source.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1 is part of every Java platform", e);
        }
    }
}
