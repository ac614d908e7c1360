package dev.onsale.rehearsal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Http;
import dev.onsale.standalone.OnsaleApplication;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Onsale in a separate process, with all its child processes. */
final class Program implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
    private static final Pattern READY = Pattern.compile("Onsale is ready: (http://\\S+)");
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final Path out;
    private final Path err;
    private final Path temporary;
    private List<ProcessHandle> started = List.of();

    private Program(Process process, Path out, Path err, Path temporary) {
        this.process = process;
        this.out = out;
        this.err = err;
        this.temporary = temporary;
    }

    /** @param folder folder for the output and temporary files */
    static Program start(Path folder, String... arguments) throws IOException {
        Path run = Files.createTempDirectory(folder, "run-");
        Path temporary = Files.createDirectory(run.resolve("tmp"));
        List<String> command = new ArrayList<>(List.of(
                // In a background build, SIGINT is ignored and child processes inherit that.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Donsale.embedded.kafka.jvm-options=-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                OnsaleApplication.class.getName()));
        command.addAll(Arrays.asList(arguments));
        Path out = run.resolve("out");
        Path err = run.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new Program(process, out, err, temporary);
    }

    String said() throws IOException {
        return Files.readString(out);
    }

    List<String> complained() throws IOException {
        return Files.readAllLines(err, StandardCharsets.UTF_8);
    }

    /** Waits until the program is ready and returns a client of it. */
    Http awaitReady() throws IOException {
        Http http = awaitAnswers();
        started = process.descendants().toList();
        assertThat(started).as("the embedded services and their supervisor").hasSizeGreaterThanOrEqualTo(4);
        return http;
    }

    /** Like {@link #awaitReady()}, for a program without embedded services. */
    Http awaitAnswers() throws IOException {
        await("ready")
                .atMost(START_LIMIT)
                .failFast(() -> {
                    assertThat(process.isAlive()).as("%s", complained()).isTrue();
                })
                .until(() -> READY.matcher(said()).find());
        Matcher ready = READY.matcher(said());
        assertThat(ready.find()).isTrue();
        return new Http(ready.group(1));
    }

    /** Sends SIGINT, as Ctrl-C does. */
    void interrupt() throws Exception {
        signal("INT");
    }

    void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    /** Kills a child process by the name of its program. */
    void killChild(String name) {
        ProcessHandle child = started.stream()
                .filter(handle -> handle.info().commandLine().orElse("").contains(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no child " + name + " among "
                        + started.stream()
                                .map(handle -> handle.info().commandLine().orElse(""))
                                .toList()));
        assertThat(child.destroyForcibly()).isTrue();
    }

    /** Sends SIGKILL, as the kernel's OOM killer does. */
    void kill() {
        process.destroyForcibly();
    }

    int awaitExit(Duration limit) throws InterruptedException, IOException {
        assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                .as("it ends within %s; its output was %s", limit, said())
                .isTrue();
        return process.exitValue();
    }

    int awaitExit() throws InterruptedException, IOException {
        return awaitExit(STOP_LIMIT);
    }

    /** Waits until all child processes have ended and their ports are free. */
    void awaitNothingRuns() throws IOException {
        await("the end of every process that it started").atMost(STOP_LIMIT).untilAsserted(() -> assertThat(
                        started.stream().filter(ProcessHandle::isAlive))
                .isEmpty());
        for (int port : ports()) {
            assertThat(isOpen(port)).as("port %d is open", port).isFalse();
        }
    }

    /** All ports that the program has printed. */
    private Set<Integer> ports() throws IOException {
        Set<Integer> ports = new TreeSet<>();
        Matcher port = PORT.matcher(said());
        while (port.find()) {
            ports.add(Integer.parseInt(port.group(1)));
        }
        assertThat(ports)
                .as("ports of Onsale, its services and the payment simulator")
                .hasSizeGreaterThanOrEqualTo(5);
        return ports;
    }

    private static boolean isOpen(int port) {
        return answers("127.0.0.1", port);
    }

    static boolean answers(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 10_000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    List<String> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }
}
