package dev.onsale.rehearsal.command;

import dev.onsale.rehearsal.client.NotDoneException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * Runs a main class of Onsale in a child process with this process's class path. The child ends when this process ends.
 * Thread-safe.
 */
public final class ChildProcess {

    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(1);
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);
    private static final int LAST_LINES = 15;

    private final String name;
    private final Predicate<String> isReady;
    private final Process process;
    private final @Nullable Path removedAtEnd;
    private final Thread stopAtExit = new Thread(this::stop, "stop-child");
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final Deque<String> lastLines = new ArrayDeque<>();
    private @Nullable List<String> problems;

    private ChildProcess(String name, Process process, Predicate<String> isReady, @Nullable Path removedAtEnd) {
        this.name = name;
        this.process = process;
        this.isReady = isReady;
        this.removedAtEnd = removedAtEnd;
    }

    /** Same as {@link #start(Class, List, List, Predicate, Path)} without a folder to delete. */
    public static ChildProcess start(
            Class<?> main, List<String> jvmOptions, List<String> arguments, Predicate<String> isReady)
            throws NotDoneException, InterruptedException {
        return start(main, jvmOptions, arguments, isReady, null);
    }

    /**
     * Starts the program and waits until it is ready.
     *
     * @param isReady receives each line of output; returns whether it shows that the program is ready
     * @param removedAtEnd folder that is deleted when the program has stopped, also if this process ends first
     * @throws NotDoneException if the program does not start; contains the last lines of its output
     */
    public static ChildProcess start(
            Class<?> main,
            List<String> jvmOptions,
            List<String> arguments,
            Predicate<String> isReady,
            @Nullable Path removedAtEnd)
            throws NotDoneException, InterruptedException {
        return start(main.getSimpleName(), command(main, jvmOptions, arguments), isReady, removedAtEnd);
    }

    /** Like {@link #start(Class, List, List, Predicate, Path)}, for any command line. */
    public static ChildProcess start(
            String name, List<String> command, Predicate<String> isReady, @Nullable Path removedAtEnd)
            throws NotDoneException, InterruptedException {
        ChildProcess child;
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            child = new ChildProcess(name, process, isReady, removedAtEnd);
        } catch (IOException e) {
            throw new NotDoneException(name + " cannot be started: " + e.getMessage());
        }
        Runtime.getRuntime().addShutdownHook(child.stopAtExit);
        Thread.ofPlatform().daemon().name("child-output").start(child::readOutput);
        try {
            child.awaitReady();
        } catch (NotDoneException | InterruptedException e) {
            child.stop();
            throw e;
        }
        return child;
    }

    /** The command line of a program with this process's JVM and class path. */
    public static List<String> command(Class<?> main, List<String> jvmOptions, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }

    /** The output line that showed that the program was ready. */
    public String readyLine() {
        return ready.resultNow();
    }

    private void awaitReady() throws NotDoneException, InterruptedException {
        try {
            ready.get(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new NotDoneException(name + " did not start. " + lastOutput());
        } catch (TimeoutException e) {
            throw new NotDoneException(name + " was not ready within " + START_PATIENCE + ". " + lastOutput());
        }
    }

    private String lastOutput() {
        synchronized (lastLines) {
            return "Its last lines were:\n  " + String.join("\n  ", lastLines);
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
                if (isReady.test(line)) {
                    ready.complete(line);
                }
            }
            ready.completeExceptionally(new IOException("it ended before it was ready"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** The processor time that it has used, without its children. */
    public Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Kills the process with SIGKILL. Its child processes detect that and end. */
    public void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        awaitEnd(process.toHandle(), KILL_PATIENCE);
        for (ProcessHandle child : children) {
            if (!awaitEnd(child, STOP_PATIENCE)) {
                child.destroyForcibly();
            }
        }
        forgetHook();
    }

    /**
     * Stops the process and its child processes. Idempotent.
     *
     * @return descriptions of processes that had to be killed and of files that could not be deleted
     */
    public synchronized List<String> stop() {
        if (problems == null) {
            List<String> found = new ArrayList<>();
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            if (!awaitEnd(process.toHandle(), STOP_PATIENCE)) {
                found.add(name + ", process " + process.pid() + ", did not stop within " + STOP_PATIENCE
                        + " and was killed");
                process.destroyForcibly();
                awaitEnd(process.toHandle(), KILL_PATIENCE);
            }
            for (ProcessHandle child : children) {
                if (!awaitEnd(child, KILL_PATIENCE)) {
                    found.add("Process " + child.pid() + " of " + name + " was still running and was killed");
                    child.destroyForcibly();
                    awaitEnd(child, KILL_PATIENCE);
                }
            }
            try {
                FileSystemUtils.deleteRecursively(removedAtEnd);
            } catch (IOException e) {
                found.add("The folder " + removedAtEnd + " could not be deleted: " + e.getMessage());
            }
            problems = List.copyOf(found);
            forgetHook();
        }
        return problems;
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
        } catch (IllegalStateException shuttingDown) {
            // The shutdown hook is running; it finds the work already done.
        }
    }

    private static boolean awaitEnd(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
