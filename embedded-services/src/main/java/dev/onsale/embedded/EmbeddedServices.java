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
 * MariaDB, Redis and Kafka for one application, in processes of their own: they outlive no JVM that started them, whether it closes this, ends
 * without closing or is killed.
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
     * Returns when all that was asked for can be used.
     *
     * @param progress is told in one line each what happens, at any later time too, from a thread of this class
     * @throws EmbeddedServicesException with one line that says what to do; then nothing was left running
     */
    public static EmbeddedServices start(EmbeddedOptions options, Consumer<String> progress) {
        Binaries.requireSupportedPlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
        var data = DataDirectory.prepare(options.dataDirectory());
        EmbeddedServices services;
        try {
            services = new EmbeddedServices(options, data, progress);
        } catch (IOException e) {
            throw new EmbeddedServicesException("No second Java process could be started: " + e.getMessage(), e);
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
                        tell(line.substring(EmbeddedServicesMain.PROGRESS.length()));
                    } else {
                        answers.add(line);
                    }
                }
            } catch (IOException ended) {
                // as good as its end
            }
            answers.offer(EmbeddedServicesMain.FAILED + endedByItself());
        });
        // Killed, the child takes nothing with it. Its servers must not write on while nobody knows of them.
        var unused = process.onExit().thenAccept(ended -> {
            if (ended.exitValue() != 0) {
                ProcessLedger.endLeftBy(ended.pid(), data);
            }
        });
    }

    private void tell(String line) {
        try {
            progress.accept(line);
        } catch (RuntimeException e) {
            // A listener that fails must not cut the line to the child.
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }

    private String endedByItself() {
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
            throw new EmbeddedServicesException("Interrupted while the embedded services worked.", e);
        }
        if (answer == null) {
            throw new EmbeddedServicesException("The embedded services did not answer within %d s: look into %s."
                    .formatted(answerLimit.toSeconds(), data.logs()));
        }
        if (!answer.startsWith(expected)) {
            throw new EmbeddedServicesException(
                    answer.startsWith(EmbeddedServicesMain.FAILED)
                            ? answer.substring(EmbeddedServicesMain.FAILED.length())
                            : "The embedded services gave an unexpected answer: " + answer);
        }
        return answer.substring(expected.length());
    }

    public EmbeddedAddresses addresses() {
        return addresses;
    }

    /** Of the process that watches over the servers. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Stops it in good order and starts it again, on the same port and data. */
    public void restart(Service service) {
        execute(Supervisor.Fault.RESTART, service);
    }

    /** Ends it as a crash would, with SIGKILL. */
    public void kill(Service service) {
        execute(Supervisor.Fault.KILL, service);
    }

    /** After {@link #kill}, on the same port and data. */
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
            throw new EmbeddedServicesException(endedByItself(), e);
        }
    }

    /** Returns when every process has ended. */
    @Override
    public void close() {
        // Not synchronized: an end must get through while a restart hangs.
        try {
            // The end of its input is the child's word to stop, whether or not it hears the command.
            commands.close();
        } catch (IOException alreadyGone) {
            // what follows finds out
        }
        if (!awaitEnd(STOP_LIMIT)) {
            process.destroyForcibly();
            awaitEnd(KILL_LIMIT);
        }
        if (!process.isAlive() && process.exitValue() != 0) {
            ProcessLedger.endLeftBy(process.pid(), data);
        }
    }

    /** To the end even when interrupted: what closes in haste leaves processes behind. */
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
