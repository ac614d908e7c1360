package dev.onsale.rehearsal;

import dev.onsale.rehearsal.RehearsalOptions.RedisAddress;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.command.ChildProcess;
import dev.onsale.rehearsal.command.ServerCommand;
import dev.onsale.rehearsal.command.WorkFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An Onsale server in a child process for one rehearsal. The server chooses a free port and prints it, so that no other
 * process can take the port in between.
 */
final class OwnServer {

    private static final Pattern READY = Pattern.compile("Onsale is ready: (http://\\S+)");
    private static final Pattern REDIS = Pattern.compile("Redis: ready on (\\S+):(\\d+) ");

    private final ChildProcess process;
    private final String url;
    private final @Nullable RedisAddress redis;

    private OwnServer(ChildProcess process, String url, @Nullable RedisAddress redis) {
        this.process = process;
        this.url = url;
        this.redis = redis;
    }

    /**
     * @param port 0 for any free port
     * @param data data folder, which is kept; absent for a folder that is deleted at the end
     */
    static OwnServer start(int port, @Nullable Path data) throws NotDoneException, InterruptedException {
        Path folder = data == null ? WorkFolder.create("rehearsal-") : data;
        AtomicReference<@Nullable RedisAddress> redis = new AtomicReference<>();
        ChildProcess process = ChildProcess.start(
                "Onsale",
                ServerCommand.of(List.of(
                        "--server.port=" + port,
                        "--management.server.port=0",
                        "--onsale.standalone.data=" + folder,
                        "--onsale.standalone.development-tokens.enabled=true",
                        "--onsale.standalone.demo=false")),
                line -> {
                    redis.compareAndSet(null, redisIn(line));
                    return READY.matcher(line).find();
                },
                data == null ? folder : null);
        String url = READY.matcher(process.readyLine())
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        return new OwnServer(process, url, redis.get());
    }

    /** The address of the server's Redis, if the line contains it. */
    static @Nullable RedisAddress redisIn(String line) {
        Matcher address = REDIS.matcher(line);
        return address.find() ? new RedisAddress(address.group(1), Integer.parseInt(address.group(2))) : null;
    }

    String url() {
        return url;
    }

    /** @throws NotDoneException if the server does not run its own Redis */
    RedisAddress redis() throws NotDoneException {
        if (redis == null) {
            throw new NotDoneException(
                    "The server did not print the address of its Redis, so --flush-redis cannot empty it; "
                            + "is spring.data.redis.host set in the environment?");
        }
        return redis;
    }

    /** Stops the server and its child processes. Returns a description of everything that failed. */
    List<String> close() {
        return process.stop();
    }
}
