package dev.onsale.benchmarks.http;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A bare Reactor Netty server that answers with the bytes of files: {@code /bare/NAME} at once, {@code /redis/NAME} after one
 * call to Redis. The arguments are the folder of the files, and host and port of Redis.
 */
public final class BareServerMain {

    static final String READY = "Bare server is ready on port ";

    private final Path folder;
    private final RedisAsyncCommands<String, String> redis;
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();

    private BareServerMain(Path folder, RedisAsyncCommands<String, String> redis) {
        this.folder = folder;
        this.redis = redis;
    }

    public static void main(String[] arguments) {
        RedisClient client = RedisClient.create("redis://" + arguments[1] + ":" + arguments[2]);
        BareServerMain bare =
                new BareServerMain(Path.of(arguments[0]), client.connect().async());
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.path().startsWith("redis/")
                        ? Mono.fromCompletionStage(bare.redis.incr("bare"))
                                .flatMap(count -> bare.answer(request, response))
                        : bare.answer(request, response))
                .bindNow();
        System.out.println(READY + server.port());
        server.onDispose().block(java.time.Duration.ofDays(1));
    }

    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        String name = request.path().substring(request.path().indexOf('/') + 1);
        byte[] body = answers.computeIfAbsent(name, this::read);
        return response.status(name.startsWith("refusal") ? 409 : 200)
                .header("Content-Type", "application/json")
                .header("Content-Length", Integer.toString(body.length))
                .sendObject(Unpooled.wrappedBuffer(body))
                .then();
    }

    private byte[] read(String name) {
        try {
            return Files.readAllBytes(folder.resolve(name));
        } catch (IOException e) {
            throw new IllegalStateException("There is no answer named " + name, e);
        }
    }
}
