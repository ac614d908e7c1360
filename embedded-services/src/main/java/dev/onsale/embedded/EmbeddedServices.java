package dev.onsale.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * MariaDB, Redis and Kafka for one application, in separate processes. They end with the JVM that started them, whether
 * it closes this object, exits without closing it, or is killed. Thread-safe.
 */
public final class EmbeddedServices implements AutoCloseable {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(45);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final Duration ANSWER_MARGIN = Duration.ofSeconds(60);
    private static final int ANSWERS_MAX = 16;

    private final DataDirectory data;
    private final Duration answerLimit;
    private final Consumer<String> progress;
    private final Process process;
    private final Writer commands;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(ANSWERS_MAX);
    private final long loggedBefore;
    private volatile EmbeddedAddresses addresses = EmbeddedAddresses.ofPorts(Map.of());

    private EmbeddedServices(EmbeddedOptions options, DataDirectory data, Consumer<String> progress)
            throws IOException {
        this.data = data;
        this.answerLimit = options.startTimeout().multipliedBy(2).plus(ANSWER_MARGIN);
        this.progress = progress;
        Path log = data.log("embedded");
        this.loggedBefore = DataDirectory.size(log);
        var jvmOptions = List.of("-Xmx64m", "-XX:TieredStopAtLevel=1");
        var command = new ProcessBuilder(ChildProcesses.inOwnSession(ChildProcesses.java(
                        data, jvmOptions, EmbeddedServicesMain.class, EmbeddedServicesArguments.encode(options))))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        this.process = ChildProcesses.start(command);
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts the services. Returns when all requested services are ready.
     *
     * @param progress receives progress as lines of text, also after the start, on a thread of this class
     * @throws EmbeddedServicesException with a one-line message that says what to do; no process is left running
     */
    public static EmbeddedServices start(EmbeddedOptions options, Consumer<String> progress) {
        Binaries.requireSupportedPlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
        var data = DataDirectory.prepare(options.dataDirectory());
        EmbeddedServices services;
        try {
            services = new EmbeddedServices(options, data, progress);
        } catch (IOException e) {
            throw new EmbeddedServicesException(
                    "The process of the embedded services could not be started: " + e.getMessage(), e);
        }
        try {
            services.listen();
            services.awaitStart();
            return services;
        } catch (RuntimeException e) {
            services.close();
            throw e;
        }
    }

    private void listen() {
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("embedded-services").start(() -> {
            try (said) {
                for (String line = said.readLine(); line != null; line = said.readLine()) {
                    if (line.startsWith(EmbeddedServicesMain.PROGRESS)) {
                        report(line.substring(EmbeddedServicesMain.PROGRESS.length()));
                    } else {
                        answers.add(line);
                    }
                }
            } catch (IOException ended) {
                // Same as the end of the stream.
            }
            answers.offer(EmbeddedServicesMain.FAILED + unexpectedEnd());
        });
        // If the child process is killed, its servers keep running without a supervisor and must be ended.
        var unused = process.onExit().thenAccept(ended -> {
            if (ended.exitValue() != 0) {
                ProcessLedger.endLeftBy(ended.pid(), data);
            }
        });
    }

    private void report(String line) {
        try {
            progress.accept(line);
        } catch (RuntimeException e) {
            // An exception of the listener must not end the reading of the child's output.
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }

    private String unexpectedEnd() {
        Path log = data.log("embedded");
        String said = DataDirectory.tail(log, loggedBefore);
        return "The process of the embedded services has ended%s: look into %s, then start again."
                .formatted(said.isEmpty() ? "" : " (" + said + ")", log);
    }

    private void awaitStart() {
        List<String> ports = List.of(awaitAnswer(EmbeddedServicesMain.READY).split(" ", -1));
        addresses = EmbeddedAddresses.ofPorts(EmbeddedServicesArguments.decodePorts(ports));
    }

    private String awaitAnswer(String expected) {
        String answer;
        try {
            answer = answers.poll(answerLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServicesException("Interrupted while waiting for the embedded services.", e);
        }
        if (answer == null) {
            throw new EmbeddedServicesException("The embedded services did not respond within %d s: look into %s."
                    .formatted(answerLimit.toSeconds(), data.logs()));
        }
        if (!answer.startsWith(expected)) {
            throw new EmbeddedServicesException(
                    answer.startsWith(EmbeddedServicesMain.FAILED)
                            ? answer.substring(EmbeddedServicesMain.FAILED.length())
                            : "Unexpected response of the embedded services: " + answer);
        }
        return answer.substring(expected.length());
    }

    public EmbeddedAddresses addresses() {
        return addresses;
    }

    /** Process id of the supervisor of the servers. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Stops a service cleanly and starts it again with the same port and data. */
    public void restart(Service service) {
        execute(Supervisor.Fault.RESTART, service);
    }

    /** Kills a service with SIGKILL. */
    public void kill(Service service) {
        execute(Supervisor.Fault.KILL, service);
    }

    /** Starts a killed service again with the same port and data. See {@link #kill}. */
    public void startAgain(Service service) {
        execute(Supervisor.Fault.START, service);
    }

    private synchronized void execute(Supervisor.Fault fault, Service service) {
        say(fault + " " + service);
        awaitAnswer(EmbeddedServicesMain.DONE);
    }

    private void say(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new EmbeddedServicesException(unexpectedEnd(), e);
        }
    }

    /** Stops all services. Returns when every process has ended. */
    @Override
    public void close() {
        // Not synchronized: closing must work while a restart hangs.
        try {
            // The child stops when its input ends, even if it does not read the command.
            commands.close();
        } catch (IOException alreadyGone) {
            // The wait below detects whether the child ends.
        }
        if (!awaitEnd(STOP_LIMIT)) {
            process.destroyForcibly();
            awaitEnd(KILL_LIMIT);
        }
        if (!process.isAlive() && process.exitValue() != 0) {
            ProcessLedger.endLeftBy(process.pid(), data);
        }
    }

    /** Waits for the end even if interrupted; otherwise processes could be left running. */
    private boolean awaitEnd(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
