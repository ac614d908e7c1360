package dev.onsale.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each failed start has a one-line message that names the problem and what to do. */
@Tag("services")
@Isolated("sets a system property that every start reads")
class RefusalTest {

    @TempDir
    Path folder;

    @Test
    void a_data_folder_is_not_shared_by_two() throws Exception {
        var redis = EmbeddedOptions.in(folder).only(Service.REDIS);
        try (EmbeddedServices first = EmbeddedServices.start(redis, Processes::print)) {
            assertRefused(redis)
                    .hasMessage(
                            "The data folder %s is in use by another Onsale (pid %d): stop that one, or choose another folder with onsale.data-directory.",
                            folder, ProcessHandle.current().pid());
            assertThat(Clients.redis(first.addresses(), "PING"))
                    .as("the first run is not affected")
                    .isEqualTo("PONG");
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void a_port_that_is_taken_is_named_with_the_option_that_changes_it(Service service) throws Exception {
        try (var taken = new ServerSocket()) {
            taken.bind(Ports.onLoopback(0));
            int port = taken.getLocalPort();

            assertRefused(EmbeddedOptions.in(folder).only(service).withPorts(port, port, port))
                    .hasMessage(
                            "Port %d on 127.0.0.1, wanted for %s, is already taken: stop what uses it, or set onsale.embedded.%s-port to another port (0 takes a free one).",
                            port, service.label(), service.folder());
        }
    }

    @Test
    void a_data_folder_below_a_file_is_refused() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertRefused(EmbeddedOptions.in(file.resolve("data")))
                .hasMessageStartingWith("The data folder %s cannot be written (".formatted(file.resolve("data")))
                .hasMessageEndingWith(
                        "): change its permissions, or choose another folder with onsale.data-directory.");
    }

    @Test
    void a_data_folder_where_nothing_may_be_created_is_refused() {
        assertRefused(EmbeddedOptions.in(Path.of("/proc/onsale")))
                .hasMessageStartingWith("The data folder /proc/onsale cannot be written (");
    }

    @Test
    void another_operating_system_is_pointed_to_plain_addresses() {
        assertThatThrownBy(() -> Binaries.requireSupportedPlatform("Windows 11", "amd64"))
                .isInstanceOf(EmbeddedServicesException.class)
                .hasMessage(
                        "Embedded MariaDB, Redis and Kafka are packaged for Linux on x86-64, not for Windows 11/amd64: configure the addresses of your own ones instead, for example from docker-compose.yml.");
    }

    @Test
    void a_server_that_does_not_start_is_reported_with_the_last_lines_of_its_log() throws Exception {
        Files.createDirectories(folder.resolve("mariadb"));
        Files.writeString(folder.resolve("mariadb/ibdata1"), "not a tablespace");

        assertRefused(EmbeddedOptions.in(folder).only(Service.MARIADB))
                .hasMessageStartingWith("MariaDB ended with code 1 while starting (")
                .hasMessageContaining("[ERROR]")
                .hasMessageEndingWith(
                        "; look into %s, then start again.".formatted(folder.resolve("logs/mariadb.log")));
    }

    @Test
    void a_process_that_dies_at_once_is_reported_with_the_last_lines_of_its_log() {
        System.setProperty("onsale.embedded.class-path", folder.toString());
        try {
            assertRefused(EmbeddedOptions.in(folder))
                    .hasMessageContaining("Could not find or load main class")
                    .hasMessageEndingWith(
                            ": look into %s, then start again.".formatted(folder.resolve("logs/embedded.log")));
        } finally {
            System.clearProperty("onsale.embedded.class-path");
        }
    }

    @AfterEach
    void nothing_is_left_running() throws IOException {
        if (Files.exists(folder.resolve("processes"))) {
            assertThat(Processes.serversOf(folder)).isEmpty();
        }
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(EmbeddedOptions options) {
        Throwable refusal = catchThrowable(
                () -> EmbeddedServices.start(options, Processes::print).close());
        assertThat(refusal)
                .isInstanceOf(EmbeddedServicesException.class)
                .message()
                .hasLineCount(1);
        return assertThat(refusal);
    }
}
