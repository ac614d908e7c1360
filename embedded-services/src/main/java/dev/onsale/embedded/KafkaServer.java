package dev.onsale.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs Kafka in its own JVM. Kafka halts its JVM on a fatal error, which must not stop the supervisor, and tests kill
 * brokers by killing their process.
 */
final class KafkaServer extends Server {

    KafkaServer(int port, DataDirectory data, ProcessLedger ledger, Consumer<String> progress) {
        super(Service.KAFKA, port, data, ledger, progress);
    }

    @Override
    void prepare(Duration limit) throws IOException {
        Files.createDirectories(data.of(Service.KAFKA));
    }

    @Override
    ProcessBuilder command(int onPort) {
        var jvmOptions = new ArrayList<>(List.of(
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=dev/onsale/embedded/kafka-logback.xml",
                "-Donsale.kafka.log=" + data.log("kafka")));
        Stream.of(System.getProperty("onsale.embedded.kafka.jvm-options", "").split(" ", -1))
                .filter(option -> !option.isEmpty())
                .forEach(jvmOptions::add);
        var arguments =
                List.of(data.of(Service.KAFKA).toString(), Integer.toString(onPort), Integer.toString(Ports.free()));
        return new ProcessBuilder(ChildProcesses.java(data, jvmOptions, EmbeddedKafkaMain.class, arguments));
    }

    @Override
    boolean answers(Process running, int onPort) {
        BufferedReader said = running.inputReader(StandardCharsets.UTF_8);
        try {
            return said.ready() && EmbeddedKafkaMain.READY.equals(said.readLine());
        } catch (IOException ended) {
            return false;
        } catch (UncheckedIOException ended) {
            return false;
        }
    }

    /** Closes the broker's input. The broker therefore also ends if this process dies. */
    @Override
    void askToEnd(Process running) {
        try {
            running.outputWriter(StandardCharsets.UTF_8).close();
        } catch (IOException alreadyGone) {
            running.destroy();
        }
    }
}
