package dev.onsale.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("services")
class EmbeddedServicesTest {

    @TempDir
    Path folder;

    @Test
    void what_was_stored_is_there_after_a_stop_and_a_second_start_and_nothing_runs_between() throws Exception {
        List<ProcessIdentity> servers;
        EmbeddedAddresses first;
        try (EmbeddedServices services = start(EmbeddedOptions.in(folder))) {
            first = services.addresses();
            servers = Processes.serversOf(folder);
            assertThat(servers).hasSize(3);
            store(first);
            assertThat(Clients.consume(first, "reservation-events", "audit", 1)).containsExactly("SeatHeld");
        }
        assertThat(servers).allMatch(server -> server.find().isEmpty());
        assertThat(Stream.of(mariaDbPort(first), first.redisPort(), kafkaPort(first)))
                .allMatch(Ports::isFree);
        assertThat(folder.resolve("tmp")).isEmptyDirectory();

        try (EmbeddedServices services = start(EmbeddedOptions.in(folder))) {
            assertStored(services.addresses());
            Clients.produce(services.addresses(), "reservation-events", "SeatBooked");
            assertThat(Clients.consume(services.addresses(), "reservation-events", "audit", 1))
                    .as("the group continues at its committed offset")
                    .containsExactly("SeatBooked");
        }
    }

    @Test
    void fresh_data_forgets_the_last_run() throws Exception {
        var redis = EmbeddedOptions.in(folder).only(Service.REDIS);
        try (EmbeddedServices services = start(redis)) {
            Clients.redis(services.addresses(), "SET seat held");
        }
        try (EmbeddedServices services = start(redis.withFreshData())) {
            assertThat(Clients.redis(services.addresses(), "EXISTS seat")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void a_service_that_was_killed_starts_again_on_its_port_with_its_data(Service service) throws Exception {
        try (EmbeddedServices services = start(EmbeddedOptions.in(folder).only(service))) {
            EmbeddedAddresses addresses = services.addresses();
            store(addresses);
            List<ProcessIdentity> before = Processes.serversOf(folder);

            services.kill(service);

            assertThat(before).singleElement().matches(server -> server.find().isEmpty());
            services.startAgain(service);
            assertStored(addresses);
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void a_service_that_is_restarted_is_another_process_on_the_same_port_with_its_data(Service service)
            throws Exception {
        try (EmbeddedServices services = start(EmbeddedOptions.in(folder).only(service))) {
            EmbeddedAddresses addresses = services.addresses();
            store(addresses);
            List<ProcessIdentity> before = Processes.serversOf(folder);

            services.restart(service);

            assertThat(Processes.serversOf(folder)).hasSize(1).doesNotContainAnyElementsOf(before);
            assertStored(addresses);
        }
    }

    @Test
    void a_service_that_dies_by_itself_is_told_of() throws Exception {
        List<String> progress = new CopyOnWriteArrayList<>();
        try (EmbeddedServices services =
                EmbeddedServices.start(EmbeddedOptions.in(folder).only(Service.REDIS), progress::add)) {
            Processes.signal("KILL", Processes.serversOf(folder).getFirst().pid());

            Awaitility.await("a line on the death of Redis")
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> progress.stream()
                            .anyMatch(line -> line.startsWith("Redis: ended by itself with code 137")));
            services.startAgain(Service.REDIS);
            assertThat(Clients.redis(services.addresses(), "PING")).isEqualTo("PONG");
        }
    }

    @Test
    void the_database_holds_times_in_utc_and_any_character_and_reads_what_is_committed() throws Exception {
        try (EmbeddedServices services = start(EmbeddedOptions.in(folder).only(Service.MARIADB))) {
            EmbeddedAddresses addresses = services.addresses();
            assertThat(Clients.query(addresses, "SELECT @@session.time_zone")).containsExactly("+00:00");
            assertThat(Clients.query(addresses, "SELECT @@transaction_isolation"))
                    .containsExactly("READ-COMMITTED");
            assertThat(Clients.query(addresses, "SELECT @@innodb_flush_log_at_trx_commit"))
                    .containsExactly("1");
            Clients.sql(addresses, "CREATE TABLE hall (name VARCHAR(50))");
            Clients.sql(addresses, "INSERT INTO hall VALUES ('Thüringenhalle 劇場 🎫')");
            assertThat(Clients.query(addresses, "SELECT name FROM hall")).containsExactly("Thüringenhalle 劇場 🎫");
        }
    }

    @Test
    void everything_but_the_kernels_own_lives_in_the_data_folder() throws Exception {
        try (EmbeddedServices services = start(EmbeddedOptions.in(folder))) {
            for (ProcessIdentity process : Stream.concat(
                            Processes.serversOf(folder).stream(),
                            Stream.of(ProcessIdentity.of(
                                    ProcessHandle.of(services.pid()).orElseThrow())))
                    .toList()) {
                try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
                    assertThat(open.map(EmbeddedServicesTest::target).filter(EmbeddedServicesTest::isTemporary))
                            .allMatch(file -> file.startsWith(folder.toString()));
                }
            }
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static boolean isTemporary(String file) {
        return file.startsWith("/tmp/") || file.startsWith("/var/tmp/");
    }

    private static EmbeddedServices start(EmbeddedOptions options) {
        return EmbeddedServices.start(options, Processes::print);
    }

    private static void store(EmbeddedAddresses addresses) throws Exception {
        if (!addresses.jdbcUrl().isEmpty()) {
            Clients.sql(addresses, "CREATE TABLE seat (id VARCHAR(36) PRIMARY KEY)");
            Clients.sql(addresses, "INSERT INTO seat VALUES ('A-1')");
        }
        if (addresses.redisPort() != 0) {
            assertThat(Clients.redis(addresses, "SET A-1 held")).isEqualTo("OK");
        }
        if (!addresses.kafkaBootstrapServers().isEmpty()) {
            Clients.createTopic(addresses, "reservation-events");
            Clients.produce(addresses, "reservation-events", "SeatHeld");
        }
    }

    private static void assertStored(EmbeddedAddresses addresses) throws Exception {
        if (!addresses.jdbcUrl().isEmpty()) {
            assertThat(Clients.query(addresses, "SELECT id FROM seat")).containsExactly("A-1");
        }
        if (addresses.redisPort() != 0) {
            assertThat(Clients.redis(addresses, "GET A-1")).isEqualTo("held");
        }
        if (!addresses.kafkaBootstrapServers().isEmpty()) {
            assertThat(Clients.consume(addresses, "reservation-events", "second-look", 1))
                    .containsExactly("SeatHeld");
        }
    }

    private static int mariaDbPort(EmbeddedAddresses addresses) {
        return java.net
                .URI
                .create(addresses.jdbcUrl().substring("jdbc:".length()))
                .getPort();
    }

    private static int kafkaPort(EmbeddedAddresses addresses) {
        return Integer.parseInt(addresses.kafkaBootstrapServers().split(":", 2)[1]);
    }
}
