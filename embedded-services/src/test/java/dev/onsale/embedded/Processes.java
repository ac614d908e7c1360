package dev.onsale.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Finds the processes of a data directory, starts applications and sends signals. */
final class Processes {

    private Processes() {}

    /** The running servers named in the ledger of the directory. */
    static List<ProcessIdentity> serversOf(Path dataDirectory) throws IOException {
        return Files.readAllLines(new DataDirectory(dataDirectory).ledger()).stream()
                .skip(1)
                .map(line -> ProcessIdentity.parse(line.split(" ", 2)[1]))
                .filter(process -> process.find().isPresent())
                .toList();
    }

    static void awaitGone(List<ProcessIdentity> processes) {
        await("the end of " + processes)
                .atMost(Duration.ofSeconds(40))
                .until(() -> processes.stream().map(ProcessIdentity::find).allMatch(Optional::isEmpty));
    }

    static void signal(String name, long pidOrNegatedGroup) throws Exception {
        Process kill = new ProcessBuilder("kill", "-s", name, "--", Long.toString(pidOrNegatedGroup))
                .inheritIO()
                .start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    /** An application in its own process group, as started by a shell. */
    static ProcessBuilder application(Path dataDirectory, String... services) {
        var command = new ArrayList<>(List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-Donsale.embedded.kafka.jvm-options=" + System.getProperty("onsale.embedded.kafka.jvm-options", ""),
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                Application.class.getName(),
                dataDirectory.toString()));
        command.addAll(List.of(services));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    static Running startApplication(Path dataDirectory, String... services) throws IOException {
        Process process = application(dataDirectory, services).start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        var lines = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            lines.append(line).append('\n');
            if (line.startsWith(Application.READY)) {
                long supervisor = Long.parseLong(line.substring(Application.READY.length()));
                return new Running(
                        process, ProcessIdentity.of(ProcessHandle.of(supervisor).orElseThrow()));
            }
        }
        throw new AssertionError("The application did not become ready:\n" + lines);
    }

    static void print(String progress) {
        System.out.println(progress);
    }

    record Running(Process application, ProcessIdentity supervisor) implements AutoCloseable {

        String saidUntilItsEnd() throws IOException {
            return new String(application.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            application.destroyForcibly();
        }
    }
}
