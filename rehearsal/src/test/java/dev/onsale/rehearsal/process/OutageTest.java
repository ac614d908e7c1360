package dev.onsale.rehearsal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Http;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of the product while its services are away. It needs a console, hence a process of its own. */
@Tag("services")
class OutageTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Long enough for the libraries to try again many times. */
    private static final Duration AWAY = Duration.ofSeconds(20);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void kafka_that_dies_is_one_line_on_the_console() throws Exception {
        Path data = folder.resolve("data");
        try (Program program = Program.start(
                        folder,
                        "--server.port=0",
                        "--management.server.port=0",
                        "--onsale.standalone.development-tokens.enabled=true",
                        "--onsale.standalone.demo=false",
                        "--onsale.standalone.data=" + data);
                Http http = program.awaitReady()) {
            program.killChild("kafka-logback.xml");
            await("the outage").atMost(LIMIT).untilAsserted(() -> assertThat(troubles(program))
                    .anyMatch(line -> line.contains("Kafka is away")));
            await("the time that it is away")
                    .atMost(LIMIT)
                    .pollDelay(AWAY)
                    .until(() -> http.request("GET", "/api/performances").send().status() == 200);

            assertThat(troubles(program)).as("lines on the console").hasSize(1);
            assertThat(program.said()).as("stack traces").doesNotContain("\tat ");
            assertThat(program.complained()).isEmpty();
            assertThat(Files.readString(data.resolve("logs").resolve("onsale.log")))
                    .as("the log has more of it")
                    .contains("org.apache.kafka.clients.NetworkClient");
        }
    }

    private static List<String> troubles(Program program) throws Exception {
        return program.said()
                .lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .toList();
    }
}
