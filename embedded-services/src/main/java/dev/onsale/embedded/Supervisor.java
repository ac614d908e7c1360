package dev.onsale.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Owns the data directory and the server processes. Runs in the child process. Thread-safe. */
final class Supervisor {

    private static final System.Logger LOG = System.getLogger("dev.onsale.embedded");
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(30);

    private final EmbeddedOptions options;
    private final Consumer<String> progress;
    private final DataDirectory data;
    private final Map<Service, Server> servers = new EnumMap<>(Service.class);
    private @Nullable DataDirectoryLock lock;
    private boolean closed;

    Supervisor(EmbeddedOptions options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
        this.data = new DataDirectory(options.dataDirectory());
    }

    /** Starts the servers and returns their addresses. */
    String start() throws Exception {
        List<Server> starting = takeOver();
        inParallel(starting, server -> server.start(options.startTimeout()));
        return String.join(
                " ",
                EmbeddedServicesArguments.encodePorts(
                        starting.stream().collect(Collectors.toMap(Server::service, Server::port))));
    }

    private synchronized List<Server> takeOver() throws IOException, InterruptedException {
        if (closed) {
            throw new EmbeddedServicesException("Stopped before the start.");
        }
        lock = DataDirectoryLock.acquire(data, LOCK_LIMIT, progress);
        ProcessLedger.endStale(data, progress);
        data.emptyTemporary();
        data.rotateLogs();
        if (options.freshData()) {
            data.removeData();
        }
        var ledger = new ProcessLedger(data);
        for (Service service : Service.values()) {
            if (options.wants(service)) {
                int port = options.port(service);
                servers.put(
                        service,
                        switch (service) {
                            case MARIADB -> new MariaDbServer(port, data, ledger, progress);
                            case REDIS -> new RedisServer(port, data, ledger, progress);
                            case KAFKA -> new KafkaServer(port, data, ledger, progress);
                        });
            }
        }
        return new ArrayList<>(servers.values());
    }

    void execute(String command) throws InterruptedException {
        String[] words = command.split(" ", 2);
        Server server = server(Service.valueOf(words[1]));
        switch (Fault.valueOf(words[0])) {
            case RESTART -> {
                server.stop();
                server.startAgain(options.startTimeout());
            }
            case KILL -> server.kill();
            case START -> server.startAgain(options.startTimeout());
        }
    }

    /** The faults that the application may inject. */
    enum Fault {
        RESTART,
        KILL,
        START
    }

    private synchronized Server server(Service service) {
        Server server = servers.get(service);
        if (server == null) {
            throw new EmbeddedServicesException(service.label() + " was not requested: name it in the options.");
        }
        return server;
    }

    /** Ends every process, then releases the lock of the directory. Idempotent; may be called at any time. */
    void close() {
        try {
            closeAll();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.ERROR, "Not all services could be stopped cleanly", e);
        }
    }

    private synchronized void closeAll() throws Exception {
        if (closed) {
            return;
        }
        closed = true;
        inParallel(List.copyOf(servers.values()), Server::close);
        if (lock != null) {
            data.emptyTemporary();
            lock.close();
        }
    }

    private interface Step {
        void run(Server server) throws Exception;
    }

    /** Waits for all steps, then throws the first failure. Each step has its own time limit. */
    private static void inParallel(List<Server> servers, Step step) throws Exception {
        try (ExecutorService threads =
                Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory())) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (Server server : servers) {
                tasks.add(() -> {
                    step.run(server);
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                try {
                    done.get();
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof Exception cause ? cause : e;
                }
            }
        }
    }
}
