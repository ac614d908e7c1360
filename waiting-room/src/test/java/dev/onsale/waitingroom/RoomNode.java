package dev.onsale.waitingroom;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** A node in a process of its own, so that a test can kill it as a machine dies: in the middle of whatever it does. */
public final class RoomNode implements AutoCloseable {

    private static final String READY = "room node ready";

    private final Process process;

    private RoomNode(Process process) {
        this.process = process;
    }

    public static RoomNode start(List<String> settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RoomNode.class.getName()));
        command.addAll(settings);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new RoomNode(process);
    }

    /** Ends when the node runs. */
    public RoomNode awaitReady() throws IOException {
        var lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals(READY)) {
                // What it says from now on must not stop it.
                Thread.ofVirtual().start(() -> lines.lines().forEach(said -> {}));
                return this;
            }
        }
        throw new IllegalStateException("The node ended before it was ready");
    }

    /** SIGKILL: nothing is said, resigned, written or closed. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The node does not die");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] args) throws IOException {
        new SpringApplicationBuilder(WaitingRoomApplication.class)
                .web(WebApplicationType.REACTIVE)
                .run(args);
        System.out.println(READY);
        // The pipe ends with the test's own process: nobody is left behind.
        while (System.in.read() >= 0) {}
        Runtime.getRuntime().halt(1);
    }
}
