package dev.onsale.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("services")
class NothingLeftBehindTest {

    private static final int INTERRUPT = 2;

    @TempDir
    Path folder;

    @Test
    void an_application_that_is_killed_takes_all_its_services_with_it() throws Exception {
        try (Processes.Running running = Processes.startApplication(folder)) {
            List<ProcessIdentity> all = new ArrayList<>(Processes.serversOf(folder));
            all.add(running.supervisor());
            assertThat(all).hasSize(4);

            running.application().destroyForcibly();

            Processes.awaitGone(all);
        }
    }

    @Test
    void an_application_that_is_killed_while_its_services_start_leaves_the_folder_to_the_next() throws Exception {
        Process application = Processes.application(folder).start();
        try (var said = application.inputReader()) {
            assertThat(said.readLine()).as("the first progress").isNotNull();
        } finally {
            application.destroyForcibly();
        }

        try (EmbeddedServices services = EmbeddedServices.start(EmbeddedOptions.in(folder), Processes::print)) {
            assertThat(Clients.redis(services.addresses(), "PING")).isEqualTo("PONG");
            assertThat(Clients.query(services.addresses(), "SELECT 1")).containsExactly("1");
        }
    }

    @Test
    void servers_whose_supervisor_is_killed_are_ended_by_the_application() throws Exception {
        try (EmbeddedServices services = EmbeddedServices.start(EmbeddedOptions.in(folder), Processes::print)) {
            List<ProcessIdentity> servers = Processes.serversOf(folder);
            assertThat(servers).hasSize(3);

            Processes.signal("KILL", services.pid());

            Processes.awaitGone(servers);
            assertThat(services.isAlive()).isFalse();
        }
    }

    @Test
    void a_server_that_lost_both_application_and_supervisor_is_ended_by_the_next_start() throws Exception {
        ProcessIdentity left;
        try (Processes.Running running = Processes.startApplication(folder, "REDIS")) {
            left = Processes.serversOf(folder).getFirst();
            // The supervisor is suspended, so that it cannot clean up after its application.
            Processes.signal("STOP", running.supervisor().pid());
            running.application().destroyForcibly();
            Processes.signal("KILL", running.supervisor().pid());
            Processes.awaitGone(List.of(running.supervisor()));
        }
        assertThat(left.find()).isPresent();

        List<String> progress = new CopyOnWriteArrayList<>();
        try (EmbeddedServices services =
                EmbeddedServices.start(EmbeddedOptions.in(folder).only(Service.REDIS), progress::add)) {
            assertThat(left.find()).isEmpty();
            assertThat(progress)
                    .contains("Redis: ending the process %d that an earlier run left".formatted(left.pid()));
            assertThat(Clients.redis(services.addresses(), "PING")).isEqualTo("PONG");
        }
    }

    @Test
    void a_stranger_with_the_pid_of_an_earlier_server_is_left_alone() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessIdentity self = ProcessIdentity.of(stranger.toHandle());
            Files.write(
                    DataDirectory.prepare(folder).ledger(),
                    List.of(
                            "supervisor 1 0",
                            "Redis " + new ProcessIdentity(self.pid(), self.startedAtMillis() - 60_000)));

            EmbeddedServices.start(EmbeddedOptions.in(folder).only(Service.REDIS), Processes::print)
                    .close();

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    /**
     * A process whose parent ignores SIGINT cannot be interrupted. A shell without job control ignores it in background
     * jobs.
     */
    private static boolean isInterruptIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.isReadable(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line -> (Long.parseUnsignedLong(
                                                        line.substring("SigIgn:".length())
                                                                .strip(),
                                                        16)
                                                >> (INTERRUPT - 1)
                                        & 1)
                                == 1);
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void ctrl_c_reaches_the_application_alone_so_that_it_can_close_before_its_services() throws Exception {
        assumeFalse(isInterruptIgnored(), "this build was started with SIGINT ignored");
        try (Processes.Running running = Processes.startApplication(folder)) {
            List<ProcessIdentity> all = new ArrayList<>(Processes.serversOf(folder));
            all.add(running.supervisor());

            Processes.signal("INT", -running.application().pid());

            assertThat(running.saidUntilItsEnd()).contains(Application.STILL_SERVED);
            Processes.awaitGone(all);
        }
    }

    @Test
    void a_start_waits_for_the_services_of_an_application_that_is_gone() throws Exception {
        List<String> progress = new CopyOnWriteArrayList<>();
        try (Processes.Running running = Processes.startApplication(folder, "REDIS")) {
            // The suspended supervisor keeps the lock although its application has ended.
            Processes.signal("STOP", running.supervisor().pid());
            running.application().destroyForcibly();
            await("the end of the application").atMost(Duration.ofSeconds(40)).until(() -> !running.application()
                    .isAlive());

            Thread release = Thread.ofVirtual().start(() -> {
                await("the start to wait").atMost(Duration.ofSeconds(20)).until(() -> progress.stream()
                        .anyMatch(line -> line.startsWith("Waiting for an earlier run")));
                try {
                    Processes.signal("CONT", running.supervisor().pid());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });

            try (EmbeddedServices services =
                    EmbeddedServices.start(EmbeddedOptions.in(folder).only(Service.REDIS), progress::add)) {
                assertThat(Clients.redis(services.addresses(), "PING")).isEqualTo("PONG");
            }
            assertThat(release.join(Duration.ofSeconds(10))).isTrue();
        }
    }
}
