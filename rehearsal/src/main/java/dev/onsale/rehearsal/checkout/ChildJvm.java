package dev.onsale.rehearsal.checkout;

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

/** A program of Onsale's as a process of its own, on this process's class path. */
final class ChildJvm {

    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(1);
    private static final int LAST_LINES = 15;

    private final Process process;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final Deque<String> lastLines = new ArrayDeque<>();

    private ChildJvm(Process process) {
        this.process = process;
    }

    /**
     * Starts it and waits until it says that it is ready.
     *
     * @param readyWhen what a line of its output contains then
     */
    static ChildJvm start(Class<?> main, List<String> arguments, String readyWhen)
            throws NotDoneException, InterruptedException {
        return start(main, List.of(), arguments, readyWhen);
    }

    /** Like {@link #start(Class, List, String)}, with options for the virtual machine. */
    static ChildJvm start(Class<?> main, List<String> jvmOptions, List<String> arguments, String readyWhen)
            throws NotDoneException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            ChildJvm child = new ChildJvm(process);
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-child"));
            Thread.ofPlatform().daemon().name("child-output").start(() -> child.read(line -> line.contains(readyWhen)));
            child.awaitReady(main.getSimpleName());
            return child;
        } catch (IOException e) {
            throw new NotDoneException(main.getSimpleName() + " cannot be started: " + e.getMessage());
        }
    }

    private void awaitReady(String name) throws NotDoneException, InterruptedException {
        try {
            ready.get(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            stop();
            synchronized (lastLines) {
                throw new NotDoneException(
                        name + " did not start. Its last lines were:\n  " + String.join("\n  ", lastLines));
            }
        }
    }

    private void read(Predicate<String> isReady) {
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
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new IOException("it has ended"));
    }

    /** As a power cut would: nothing of it runs any further. What it started notices by itself. */
    void kill() throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        for (ProcessHandle child : children) {
            awaitEnd(child);
        }
    }

    /** In order. What did not stop is killed. */
    void stop() throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
        }
        for (ProcessHandle child : children) {
            awaitEnd(child);
        }
    }

    private static void awaitEnd(ProcessHandle process) throws InterruptedException {
        try {
            process.onExit().get(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
        }
    }
}
