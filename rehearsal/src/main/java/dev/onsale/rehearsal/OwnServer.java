package dev.onsale.rehearsal;

import dev.onsale.rehearsal.RehearsalOptions.RedisAddress;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.standalone.OnsaleApplication;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An Onsale in a child process, for one rehearsal. It chooses its own free port and says which, so that no other process can
 * take the port in between. Stopped by its process, also when this one is interrupted.
 */
final class OwnServer {

    /** Where the folder of a run without {@code --data} goes; the launcher names a folder below its build. */
    static final String FOLDER_PROPERTY = "onsale.rehearsal.folder";

    private static final Pattern READY = Pattern.compile("Onsale is ready: (http://\\S+)");
    private static final Pattern REDIS = Pattern.compile("Redis: ready on (\\S+):(\\d+) ");
    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);
    private static final int LAST_LINES = 15;

    private final Path data;
    private final boolean removeData;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final Thread stopOnInterrupt = new Thread(this::stop, "stop-own-server");
    private final Process process;
    private volatile @Nullable RedisAddress redis;
    private @Nullable List<String> leftovers;

    private OwnServer(Process process, Path data, boolean removeData) {
        this.process = process;
        this.data = data;
        this.removeData = removeData;
    }

    /**
     * @param port 0 for any free one
     * @param data kept; absent for a folder that is removed at the end
     */
    static OwnServer start(int port, @Nullable Path data) throws NotDoneException, InterruptedException {
        Path folder = data == null ? temporaryFolder() : data;
        OwnServer server = null;
        try {
            Process process = new ProcessBuilder(command(port, folder))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            server = new OwnServer(process, folder, data == null);
            Runtime.getRuntime().addShutdownHook(server.stopOnInterrupt);
            Thread.ofPlatform().daemon().name("own-server-output").start(server::readOutput);
            server.awaitReady();
            return server;
        } catch (IOException e) {
            throw new NotDoneException("The server cannot be started: " + e.getMessage());
        } catch (NotDoneException | InterruptedException e) {
            if (server != null) {
                server.close();
            }
            throw e;
        }
    }

    private static List<String> command(int port, Path folder) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OnsaleApplication.class.getName(),
                "--server.port=" + port,
                "--management.server.port=0",
                "--onsale.standalone.data=" + folder,
                "--onsale.standalone.development-tokens.enabled=true",
                "--onsale.standalone.demo=false");
    }

    private static Path temporaryFolder() throws NotDoneException {
        String named = System.getProperty(FOLDER_PROPERTY);
        String cache = System.getenv("XDG_CACHE_HOME");
        Path parent = named != null
                ? Path.of(named)
                : cache != null && !cache.isBlank()
                        ? Path.of(cache, "onsale")
                        : Path.of(System.getProperty("user.home"), ".cache", "onsale");
        try {
            return Files.createTempDirectory(Files.createDirectories(parent), "rehearsal-");
        } catch (IOException e) {
            throw new NotDoneException(
                    "The folder " + parent + " cannot be written: change its owner, or name another with --data DIR");
        }
    }

    private void readOutput() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (lastLines) {
                    lastLines.addLast(line);
                    if (lastLines.size() > LAST_LINES) {
                        lastLines.removeFirst();
                    }
                }
                RedisAddress said = redisIn(line);
                redis = said == null ? redis : said;
                Matcher address = READY.matcher(line);
                if (address.find()) {
                    ready.complete(address.group(1));
                }
            }
            ready.completeExceptionally(new IOException("it ended before it was ready"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** The address of its Redis, if the line tells it. */
    static @Nullable RedisAddress redisIn(String line) {
        Matcher said = REDIS.matcher(line);
        return said.find() ? new RedisAddress(said.group(1), Integer.parseInt(said.group(2))) : null;
    }

    private void awaitReady() throws NotDoneException, InterruptedException {
        try {
            ready.get(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new NotDoneException("The server did not start. " + lastWords());
        } catch (TimeoutException e) {
            throw new NotDoneException("The server was not ready within " + START_PATIENCE + ". " + lastWords());
        }
    }

    private String lastWords() {
        synchronized (lastLines) {
            return "Its last lines were:\n  " + String.join("\n  ", lastLines);
        }
    }

    String url() {
        return ready.resultNow();
    }

    /**
     * @throws NotDoneException if it has no Redis of its own
     */
    RedisAddress redis() throws NotDoneException {
        RedisAddress known = redis;
        if (known == null) {
            throw new NotDoneException("The server did not say where its Redis is, so --flush-redis cannot empty it; "
                    + "is spring.data.redis.host set in the environment?");
        }
        return known;
    }

    /** Stops the server and everything that it started. What could not be done is returned in words. */
    List<String> close() {
        List<String> left = stop();
        try {
            Runtime.getRuntime().removeShutdownHook(stopOnInterrupt);
        } catch (IllegalStateException shuttingDown) {
            // Then the hook runs and finds the work done.
        }
        return left;
    }

    private synchronized List<String> stop() {
        if (leftovers == null) {
            List<String> left = new ArrayList<>();
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            if (!awaitEnd(process.toHandle(), STOP_PATIENCE)) {
                left.add("The server, process " + process.pid() + ", did not stop within " + STOP_PATIENCE
                        + " and was killed");
                process.destroyForcibly();
                awaitEnd(process.toHandle(), KILL_PATIENCE);
            }
            for (ProcessHandle child : children) {
                if (!awaitEnd(child, KILL_PATIENCE)) {
                    left.add("Process " + child.pid() + " of the server was still there and was killed");
                    child.destroyForcibly();
                    awaitEnd(child, KILL_PATIENCE);
                }
            }
            if (removeData) {
                try {
                    remove(data);
                } catch (IOException e) {
                    left.add("The folder " + data + " could not be removed: " + e.getMessage());
                }
            }
            leftovers = List.copyOf(left);
        }
        return leftovers;
    }

    private static boolean awaitEnd(ProcessHandle process, Duration patience) {
        Predicate<ProcessHandle> gone = handle -> !handle.isAlive();
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return gone.test(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return gone.test(process);
        }
    }

    private static void remove(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
