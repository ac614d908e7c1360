package dev.onsale.command.guard.state;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One script, sent by its digest; a Redis that restarted and forgot it gets it whole again. */
public final class LuaScript {

    private final String source;
    private final String digest;
    private final ScriptOutputType output;

    private LuaScript(String source, ScriptOutputType output) {
        this.source = source;
        this.digest = sha1(source);
        this.output = output;
    }

    private static String sha1(String source) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(digest.digest(source.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1 is part of every Java platform", e);
        }
    }

    public static LuaScript load(String name, ScriptOutputType output) {
        try (@Nullable InputStream script = LuaScript.class.getResourceAsStream("/dev/onsale/command/guard/" + name)) {
            if (script == null) {
                throw new IllegalStateException("The script " + name + " is not on the class path");
            }
            return new LuaScript(new String(script.readAllBytes(), StandardCharsets.UTF_8), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // The type follows from the script's output, as in Lettuce.
    public <T> CompletionStage<T> run(RedisAsyncCommands<String, String> redis, String[] keys, String... args) {
        CompletionStage<T> first = redis.evalsha(digest, output, keys, args);
        return first.exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                    ? wrapped.getCause()
                    : failure;
            return cause instanceof RedisNoScriptException
                    ? redis.eval(source, output, keys, args)
                    : CompletableFuture.<T>failedStage(cause);
        });
    }
}
