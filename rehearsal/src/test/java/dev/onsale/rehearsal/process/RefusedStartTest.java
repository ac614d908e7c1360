package dev.onsale.rehearsal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A start that fails prints one line that says what to do, and leaves no process running. */
@Tag("services")
class RefusedStartTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final String TOKENS = "--onsale.standalone.development-tokens.enabled=true";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_taken_port_is_one_line_that_names_the_port_and_the_option() throws Exception {
        Path data = folder.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Program program = Program.start(
                        folder,
                        TOKENS,
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
                        TOKENS,
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

    /** The folder is below a file, because a privileged user may write to every folder. */
    @Test
    void a_data_folder_that_cannot_be_written_is_one_line_that_names_the_folder_and_the_option() throws Exception {
        Path data = Files.writeString(folder.resolve("file"), "no folder").resolve("data");
        try (Program program = Program.start(
                folder, TOKENS, "--server.port=0", "--management.server.port=0", "--onsale.standalone.data=" + data)) {
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

    static Stream<Arguments> unsafeTokens() {
        String jwt = "--spring.security.oauth2.resourceserver.jwt.";
        String issuer = jwt + "issuer-uri=http://127.0.0.1:9/issuer";
        String keys = jwt + "jwk-set-uri=http://127.0.0.1:9/keys";
        return Stream.of(
                Arguments.of("No issuer of bearer tokens is configured", List.of()),
                Arguments.of("no audience", List.of(issuer)),
                Arguments.of("no audience", List.of(keys)),
                Arguments.of("no audience", List.of(TOKENS, keys)),
                Arguments.of("no audience", List.of(issuer, jwt + "audiences=")),
                Arguments.of("every client that reaches 0.0.0.0", List.of(TOKENS, "--server.address=0.0.0.0")));
    }

    @ParameterizedTest
    @MethodSource("unsafeTokens")
    void a_start_without_a_safe_source_of_tokens_is_one_line(String reason, List<String> settings) throws Exception {
        Path data = folder.resolve("data");
        List<String> arguments = new ArrayList<>(settings);
        arguments.addAll(List.of("--server.port=0", "--management.server.port=0", "--onsale.standalone.data=" + data));
        try (Program program = Program.start(folder, arguments.toArray(String[]::new))) {
            assertThat(program.awaitExit(LIMIT)).isEqualTo(1);
            assertThat(program.complained())
                    .singleElement()
                    .asString()
                    .startsWith("Onsale did not start: ")
                    .contains(reason);
            assertThat(program.said()).isEmpty();
            assertThat(data).doesNotExist();
        }
    }
}
