package dev.onsale.embedded;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One service in one operating system process. Starts, probes, stops and kills it. */
abstract class Server {

    private static final int PORT_ATTEMPTS = 3;
    private static final int PROBE_INTERVAL_MILLIS = 20;
    private static final int PROBE_TIMEOUT_MILLIS = 2_000;
    private static final Duration STOP_GRACE = Duration.ofSeconds(15);

    private final Service service;
    private final int requestedPort;
    private final ProcessLedger ledger;
    private final Consumer<String> progress;
    protected final DataDirectory data;

    private int port;
    private @Nullable Process process;
    private boolean closed;

    Server(Service service, int requestedPort, DataDirectory data, ProcessLedger ledger, Consumer<String> progress) {
        this.service = service;
        this.requestedPort = requestedPort;
        this.data = data;
        this.ledger = ledger;
        this.progress = progress;
    }

    /** Prepares the first start: unpacks binaries and initialises the data directory. */
    abstract void prepare(Duration limit) throws IOException, InterruptedException;

    abstract ProcessBuilder command(int onPort) throws IOException;

    /** Whether the service is ready. Must not mistake another server on the port for the service. May block briefly. */
    abstract boolean answers(Process running, int onPort);

    void askToEnd(Process running) {
        running.destroy();
    }

    Service service() {
        return service;
    }

    synchronized int port() {
        return port;
    }

    final void start(Duration limit) throws InterruptedException {
        long startedAt = System.nanoTime();
        try {
            if (requestedPort != 0) {
                Ports.requireFree(service, requestedPort);
            }
            prepare(limit);
            int onPort = requestedPort != 0 ? requestedPort : startOnFreePort(limit);
            if (requestedPort != 0) {
                startOn(requestedPort, limit);
            }
            double seconds = (System.nanoTime() - startedAt) / 1e9;
            report(String.format(Locale.ROOT, "ready on %s:%d after %.1f s", EmbeddedAddresses.HOST, onPort, seconds));
        } catch (IOException e) {
            throw new EmbeddedServicesException(
                    "%s could not be started in %s (%s): check the free space and that programs may run there, or choose another folder with %s."
                            .formatted(service.label(), data.root(), e.getMessage(), DataDirectory.PROPERTY),
                    e);
        }
    }

    private int startOnFreePort(Duration limit) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            int candidate = Ports.free();
            try {
                startOn(candidate, limit);
                return candidate;
            } catch (EmbeddedServicesException e) {
                // Another process may have taken the port after the check and before the server's bind. Any other
                // failure would occur again.
                if (attempt == PORT_ATTEMPTS || isClosed() || Ports.isFree(candidate)) {
                    throw e;
                }
            }
        }
    }

    /** Starts the server on the port of the last start. */
    final void startAgain(Duration limit) throws InterruptedException {
        if (isRunning()) {
            throw new EmbeddedServicesException(service.label() + " is already running: kill or restart it instead.");
        }
        long startedAt = System.nanoTime();
        try {
            startOn(port(), limit);
        } catch (IOException e) {
            throw new EmbeddedServicesException(service.label() + " could not be started again: " + e.getMessage(), e);
        }
        report(String.format(Locale.ROOT, "ready again after %.1f s", (System.nanoTime() - startedAt) / 1e9));
    }

    private void startOn(int onPort, Duration limit) throws IOException, InterruptedException {
        Ports.requireFree(service, onPort);
        long deadline = System.nanoTime() + limit.toNanos();
        long logged = DataDirectory.size(data.log(service.folder()));
        Process started = spawn(command(onPort));
        setRunning(started, onPort);
        while (!answers(started, onPort)) {
            if (started.waitFor(PROBE_INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                ledger.remove(started);
                throw failed("ended with code " + started.exitValue() + " while starting", logged);
            }
            if (System.nanoTime() > deadline) {
                end(started, Duration.ZERO);
                throw failed("was not ready after " + limit.toSeconds() + " s", logged);
            }
        }
        var unused = started.onExit().thenAccept(this::reportIfUnexpected);
    }

    private EmbeddedServicesException failed(String what, long logged) {
        var log = data.log(service.folder());
        String said = DataDirectory.tail(log, logged);
        return new EmbeddedServicesException("%s %s%s; look into %s, then start again."
                .formatted(service.label(), what, said.isEmpty() ? "" : " (" + said + ")", log));
    }

    /** Starts a process. Fails once this server is closed, so that no process starts after {@link #close}. */
    protected final synchronized Process spawn(ProcessBuilder command) throws IOException {
        if (closed) {
            throw new EmbeddedServicesException(service.label() + " was stopped while starting.");
        }
        Process started = ChildProcesses.start(command.redirectError(
                ProcessBuilder.Redirect.appendTo(data.log(service.folder()).toFile())));
        process = started;
        ledger.add(service, started);
        return started;
    }

    private synchronized void setRunning(Process started, int onPort) {
        process = started;
        port = onPort;
    }

    private synchronized @Nullable Process take() {
        Process taken = process;
        process = null;
        return taken;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    private void reportIfUnexpected(Process ended) {
        synchronized (this) {
            if (!ended.equals(process) || closed) {
                return;
            }
        }
        ledger.remove(ended);
        report("ended by itself with code %d; its log is %s".formatted(ended.exitValue(), data.log(service.folder())));
    }

    final void stop() throws InterruptedException {
        end(take(), STOP_GRACE);
    }

    /** Kills the process with SIGKILL. */
    final void kill() throws InterruptedException {
        end(take(), Duration.ZERO);
    }

    /** Stops the server permanently. It cannot be started again. */
    final void close() throws InterruptedException {
        synchronized (this) {
            closed = true;
        }
        stop();
    }

    protected final void end(@Nullable Process running, Duration grace) throws InterruptedException {
        if (running == null) {
            return;
        }
        if (!grace.isZero()) {
            askToEnd(running);
        }
        if (grace.isZero() || !running.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            running.destroyForcibly();
            running.waitFor(STOP_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        }
        ledger.remove(running);
    }

    protected final void report(String what) {
        progress.accept(service.label() + ": " + what);
    }

    static Socket connect(int port) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(Ports.onLoopback(port), PROBE_TIMEOUT_MILLIS);
            socket.setSoTimeout(PROBE_TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
