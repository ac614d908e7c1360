package dev.onsale.verification.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that cannot go on says so in one line with what to do, and starts nothing. */
class RefusedStartTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_taken_port_is_one_line_that_names_the_port_and_the_option() throws Exception {
        Path data = folder.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Program program = Program.start(
                        folder,
                        "--server.port=" + taken.getLocalPort(),
                        "--management.server.port=0",
                        "--onsale.standalone.data=" + data)) {
            assertThat(program.awaitExit(LIMIT)).isEqualTo(1);
            assertThat(program.complained())
                    .singleElement()
                    .asString()
                    .startsWith("Onsale did not start: Port " + taken.getLocalPort() + " is taken")
                    .contains("--port");
            assertThat(program.said()).isEmpty();
            assertThat(program.temporaryFiles()).isEmpty();
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void a_taken_management_port_is_one_line_as_well() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Program program = Program.start(
                        folder,
                        "--server.port=0",
                        "--management.server.port=" + taken.getLocalPort(),
                        "--onsale.standalone.data=" + folder.resolve("data"))) {
            assertThat(program.awaitExit(LIMIT)).isEqualTo(1);
            assertThat(program.complained())
                    .singleElement()
                    .asString()
                    .contains("Port " + taken.getLocalPort() + " is taken", "--management.server.port");
        }
    }

    /** Below a file, because who runs the tests may be allowed to write into every folder. */
    @Test
    void a_data_folder_that_cannot_be_written_is_one_line_that_names_the_folder_and_the_option() throws Exception {
        Path data = Files.writeString(folder.resolve("file"), "no folder").resolve("data");
        try (Program program = Program.start(
                folder, "--server.port=0", "--management.server.port=0", "--onsale.standalone.data=" + data)) {
            assertThat(program.awaitExit(LIMIT)).isEqualTo(1);
            assertThat(program.complained())
                    .singleElement()
                    .asString()
                    .startsWith("Onsale did not start: The data folder " + data + " cannot be written")
                    .contains("--data DIR");
            assertThat(program.said()).isEmpty();
            assertThat(program.temporaryFiles()).isEmpty();
        }
    }
}
