package dev.onsale.command.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.command.CommandSideHost;
import dev.onsale.command.node.SharedSales.Answered;
import dev.onsale.command.store.Shards;
import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** The second node is a process, because only a process can be stopped in the middle of anything, and killed. */
@Tag("services")
class NodeProcessTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String LEASE = "--onsale.command.node-lease.lapse=PT2S";
    private static final String RENEWED = "--onsale.command.node-lease.renew-every=PT0.5S";

    private final TestDatabase database = TestDatabase.fresh();

    @Test
    void a_node_that_is_paused_for_longer_than_its_lease_and_later_killed_falsifies_nothing(@TempDir Path folder)
            throws Exception {
        try (ConfigurableApplicationContext here = CommandSideHost.start(database, LEASE, RENEWED)) {
            Process there = start(folder);
            try (SharedSales load = new SharedSales(database, List.of(here.getBean(CommandGateway.class)))) {
                NodeMembership membership = here.getBean(NodeMembership.class);
                await("half of the shards there").atMost(PATIENCE).until(() -> membership.owned() == Shards.COUNT / 2);
                more(load);
                signal(there, "STOP");
                await("a takeover").atMost(PATIENCE).until(() -> membership.owned() == Shards.COUNT);
                more(load);
                signal(there, "CONT");
                await("the node joins again").atMost(PATIENCE).until(() -> membership.owned() == Shards.COUNT / 2);
                more(load);
                there.destroyForcibly();
                await("a takeover").atMost(PATIENCE).until(() -> membership.owned() == Shards.COUNT);
                more(load);
                List<Answered> answers = load.stop();
                assertThat(SharedSalesVerdict.violations(here.getBean(StoredEvents.class), answers))
                        .isEmpty();
                assertThat(answers)
                        .as("commands for the other node were decided there")
                        .anyMatch(answered -> answered.refusal() == null);
            } finally {
                there.destroyForcibly();
            }
        }
    }

    private Process start(Path folder) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName(),
                database.name(),
                database.jdbcUrl(),
                database.user(),
                database.password(),
                LEASE,
                RENEWED));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("node.log").toFile());
        EmbeddedAddresses services = TestServices.shared();
        builder.environment()
                .putAll(Map.of(
                        "ONSALE_TEST_JDBC_URL", services.jdbcUrl(),
                        "ONSALE_TEST_JDBC_USER", services.jdbcUser(),
                        "ONSALE_TEST_JDBC_PASSWORD", services.jdbcPassword(),
                        "ONSALE_TEST_REDIS", services.redisHost() + ":" + services.redisPort(),
                        "ONSALE_TEST_KAFKA", services.kafkaBootstrapServers()));
        return builder.start();
    }

    private static void signal(Process process, String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    private static void more(SharedSales load) {
        int enough = load.answered() + 300;
        await("more answers").atMost(PATIENCE).until(() -> load.answered() > enough);
    }
}
