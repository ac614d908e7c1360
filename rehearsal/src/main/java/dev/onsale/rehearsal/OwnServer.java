package dev.onsale.rehearsal;

import dev.onsale.rehearsal.RehearsalOptions.RedisAddress;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.command.ChildProcess;
import dev.onsale.rehearsal.command.WorkFolder;
import dev.onsale.standalone.OnsaleApplication;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An Onsale in a child process, for one rehearsal. It chooses its own free port and says which, so that no other process
 * can take the port in between.
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
     * @param port 0 for any free one
     * @param data kept; absent for a folder that is removed at the end
     */
    static OwnServer start(int port, @Nullable Path data) throws NotDoneException, InterruptedException {
        Path folder = data == null ? WorkFolder.create("rehearsal-") : data;
        AtomicReference<@Nullable RedisAddress> redis = new AtomicReference<>();
        ChildProcess process = ChildProcess.start(
                OnsaleApplication.class,
                List.of(),
                List.of(
                        "--server.port=" + port,
                        "--management.server.port=0",
                        "--onsale.standalone.data=" + folder,
                        "--onsale.standalone.development-tokens.enabled=true",
                        "--onsale.standalone.demo=false"),
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

    /** The address of its Redis, if the line tells it. */
    static @Nullable RedisAddress redisIn(String line) {
        Matcher address = REDIS.matcher(line);
        return address.find() ? new RedisAddress(address.group(1), Integer.parseInt(address.group(2))) : null;
    }

    String url() {
        return url;
    }

    /**
     * @throws NotDoneException if it has no Redis of its own
     */
    RedisAddress redis() throws NotDoneException {
        if (redis == null) {
            throw new NotDoneException("The server did not say where its Redis is, so --flush-redis cannot empty it; "
                    + "is spring.data.redis.host set in the environment?");
        }
        return redis;
    }

    /** Stops the server and everything that it started. What could not be done is returned in words. */
    List<String> close() {
        return process.stop();
    }
}
