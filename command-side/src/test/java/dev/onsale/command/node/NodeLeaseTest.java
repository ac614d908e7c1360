package dev.onsale.command.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ChargeId;
import dev.onsale.api.Money;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.wallet.ChargePoints;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.SilentPort;
import dev.onsale.command.store.Shards;
import dev.onsale.testsupport.TestDatabase;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

@Tag("services")
class NodeLeaseTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final TestDatabase database = TestDatabase.fresh();

    @Test
    void a_second_node_joins_gets_half_of_the_shards_and_the_first_goes_on() throws Exception {
        try (ConfigurableApplicationContext first = CommandSideHost.start(database);
                ConfigurableApplicationContext second = CommandSideHost.start(database)) {
            await().atMost(PATIENCE)
                    .until(() -> membership(first).owned() == Shards.COUNT / 2
                            && membership(second).owned() == Shards.COUNT / 2);
            assertThat(membership(first).isTrusted()).isTrue();
            for (ConfigurableApplicationContext node : List.of(first, second)) {
                for (int buyer = 0; buyer < 20; buyer++) {
                    assertThat(charge(node, BuyerId.of("buyer-" + buyer))).isNull();
                }
            }
            assertThat(stored()).isEqualTo(40);
        }
    }

    @Test
    void a_clean_stop_lets_the_next_node_begin_at_once() {
        CommandSideHost.start(database).close();
        List<String> progress = new ArrayList<>();
        try (NodeMembership next = joined(progress)) {
            assertThat(next.owned()).isEqualTo(Shards.COUNT);
        }
        assertThat(progress).isEmpty();
    }

    @Test
    void a_planned_stop_gives_all_shards_to_the_other_node_before_the_node_ends() {
        try (ConfigurableApplicationContext first =
                CommandSideHost.start(database, "--onsale.command.node-lease.lapse=PT10M")) {
            ConfigurableApplicationContext second = CommandSideHost.start(database);
            await().atMost(PATIENCE).until(() -> membership(second).owned() == Shards.COUNT / 2);
            second.close();
            assertThat(jdbc().sql("SELECT COUNT(*) FROM shard_owner WHERE node = ?")
                            .param(membership(first).id())
                            .query(Integer.class)
                            .single())
                    .isEqualTo(Shards.COUNT);
            assertThat(jdbc().sql("SELECT COUNT(*) FROM node_lease")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(1);
        }
    }

    @Test
    void after_a_crash_elsewhere_the_next_node_waits_until_the_lease_lapses_and_says_so_once() {
        migrated();
        another("", Duration.ofSeconds(2));
        List<String> progress = new ArrayList<>();
        long begun = System.nanoTime();
        try (NodeMembership next = joined(progress)) {
            assertThat(next.owned()).isEqualTo(Shards.COUNT);
            assertThat(next.isTrusted()).isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(3));
        assertThat(progress).singleElement().asString().contains("Waiting up to 3 s");
    }

    @Test
    void a_node_whose_process_has_certainly_ended_on_this_machine_is_not_waited_for() throws Exception {
        migrated();
        Process ended = new ProcessBuilder("true").start();
        assertThat(ended.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        String own = ProcessName.own().text();
        String space =
                own.substring(0, own.indexOf("/" + ProcessHandle.current().pid() + "/"));
        another(space + "/" + ended.pid() + "/123", Duration.ofHours(1));
        List<String> progress = new ArrayList<>();
        try (NodeMembership next = joined(progress)) {
            assertThat(next.owned()).isEqualTo(Shards.COUNT);
        }
        assertThat(progress).isEmpty();
    }

    @Test
    void a_node_of_another_machine_or_one_that_runs_is_never_taken_for_ended() {
        ProcessName own = ProcessName.own();
        assertThat(own.hasEnded(own.text())).isFalse();
        assertThat(own.hasEnded("")).isFalse();
        assertThat(own.hasEnded("another-boot/pid:[1]/0/1/1")).isFalse();
        assertThat(own.hasEnded(own.text() + "0"))
                .as("another start of the same number")
                .isTrue();
    }

    @Test
    void a_node_whose_shards_were_taken_over_takes_no_commands_for_them_and_writes_nothing() throws Exception {
        try (ConfigurableApplicationContext node = CommandSideHost.start(database)) {
            another("", Duration.ofHours(1));
            membership(node).lookSoon();
            await().atMost(PATIENCE).until(() -> membership(node).owned() == 0);
            assertThat(charge(node, BuyerId.of("alice"))).isEqualTo(RefusalCode.OVERLOADED);
            assertThat(stored()).isZero();
        }
        assertThat(jdbc().sql("SELECT COUNT(*) FROM shard_owner WHERE node = 'another'")
                        .query(Integer.class)
                        .single())
                .as("the new owner keeps its shards when the old node stops")
                .isEqualTo(Shards.COUNT);
    }

    @Test
    void a_write_of_a_node_that_does_not_know_yet_that_it_lost_its_shards_is_refused_by_the_database()
            throws Exception {
        // It renews too seldom to notice by itself.
        try (ConfigurableApplicationContext node = CommandSideHost.start(
                database, "--onsale.command.node-lease.renew-every=PT5M", "--onsale.command.node-lease.lapse=PT20M")) {
            another("", Duration.ofHours(1));
            assertThat(membership(node).owned()).isEqualTo(Shards.COUNT);
            assertThat(charge(node, BuyerId.of("alice"))).isEqualTo(RefusalCode.OVERLOADED);
            assertThat(stored()).isZero();
            assertThat(membership(node).owned()).as("it has learned that").isZero();
        }
    }

    @Test
    void a_node_that_cannot_renew_stops_answering_before_its_lease_may_be_taken() {
        try (ConfigurableApplicationContext node = CommandSideHost.start(
                database,
                List.of(HangingRenewals.class),
                "--onsale.command.node-lease.lapse=PT1.5S",
                "--onsale.command.node-lease.renew-every=PT0.3S")) {
            node.getBean(HangingRenewals.class).hang();
            await().atMost(PATIENCE).until(() -> !membership(node).isTrusted());
            assertThat(membership(node).enter(1)).isFalse();
            assertThat(health(node).getStatus()).isEqualTo(Status.DOWN);
            node.getBean(HangingRenewals.class).goOn();
            await("its lease again, because nobody has taken it")
                    .atMost(PATIENCE)
                    .until(() -> membership(node).enter(1));
        }
    }

    @Test
    void a_node_that_cannot_be_reached_gets_no_shards_and_the_health_names_it() {
        try (ConfigurableApplicationContext node = CommandSideHost.start(database)) {
            another("", Duration.ofHours(1));
            jdbc().sql("UPDATE node_lease SET state = 'READY' WHERE id = 'another'")
                    .update();
            jdbc().sql("UPDATE shard_owner SET node = ?, epoch = epoch + 1")
                    .param(membership(node).id())
                    .update();
            membership(node).lookSoon();
            await().atMost(PATIENCE).until(() -> membership(node).unreachable().contains("another"));
            await().during(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .until(() -> membership(node).owned() == Shards.COUNT);
            assertThat(health(node).getStatus()).isEqualTo(Status.UP);
            assertThat(health(node).getDetails()).containsEntry("unreachable", Set.of("another"));
            jdbc().sql("UPDATE shard_owner SET node = 'another', epoch = epoch + 1")
                    .update();
            await("of no use to clients")
                    .atMost(PATIENCE)
                    .until(() -> health(node).getStatus().equals(Status.DOWN));
        }
    }

    @Test
    void a_lease_is_renewed_while_other_work_has_all_connections_of_the_pool() throws Exception {
        try (ConfigurableApplicationContext node = CommandSideHost.start(
                database,
                "--spring.datasource.hikari.maximum-pool-size=5",
                "--spring.datasource.hikari.connection-timeout=500",
                "--onsale.command.node-lease.lapse=PT3S",
                "--onsale.command.node-lease.renew-every=PT0.5S")) {
            List<Connection> taken = new ArrayList<>();
            try {
                await("the pool is empty").atMost(PATIENCE).until(() -> {
                    try {
                        taken.add(node.getBean(DataSource.class).getConnection());
                        return false;
                    } catch (SQLException empty) {
                        return true;
                    }
                });
                await().during(Duration.ofSeconds(6)).atMost(PATIENCE).until(() -> membership(node)
                        .isTrusted());
            } finally {
                for (Connection connection : taken) {
                    connection.close();
                }
            }
        }
    }

    @Test
    void a_node_whose_connections_have_gone_silent_renews_again_over_new_ones() throws Exception {
        URI url = URI.create(database.jdbcUrl().substring("jdbc:".length()));
        try (SilentPort port = new SilentPort(url.getHost(), url.getPort());
                ConfigurableApplicationContext node = CommandSideHost.start(
                        through(port, url),
                        "--onsale.command.node-lease.lapse=PT3S",
                        "--onsale.command.node-lease.renew-every=PT0.5S")) {
            port.answer(false);
            await("it does not trust its lease").atMost(PATIENCE).until(() -> !membership(node)
                    .isTrusted());
            port.answer(true);
            await("old connections stay silent").atMost(Duration.ofSeconds(30)).until(() -> membership(node)
                    .isTrusted());
        }
    }

    @Test
    void a_node_of_an_older_version_is_refused_by_the_row_that_it_checks() {
        migrated();
        assertThat(jdbc().sql("UPDATE command_node SET owner = 'old', epoch = epoch + 1"
                                + " WHERE id = 1 AND held_until < UTC_TIMESTAMP(3)")
                        .update())
                .isZero();
    }

    @Test
    void a_takeover_waits_for_the_write_that_checks_its_epoch() throws Exception {
        migrated();
        NodeTable table = new NodeTable(dataSource(), Duration.ofSeconds(3));
        try (Connection writing = database.connect();
                Statement statement = writing.createStatement()) {
            writing.setAutoCommit(false);
            // As GroupInsert does it: the epoch is checked inside of the statement that writes.
            assertThat(
                            statement.executeUpdate(
                                    "INSERT INTO secret_key (name, wrapped_key) VALUES (IF((SELECT SUM(epoch)"
                                            + " FROM shard_owner WHERE shard IN (3,7) LOCK IN SHARE MODE) = 2, 'written', NULL), 'x')"))
                    .isEqualTo(1);
            assertThat(table.takeFree("me", List.of(2, 3, 7)))
                    .as("the shard that nobody writes to")
                    .isEqualTo(1);
            writing.commit();
            assertThat(table.takeFree("me", List.of(3, 7))).isEqualTo(2);
        }
    }

    private TestDatabase through(SilentPort port, URI url) {
        port.answer(true);
        return new TestDatabase(
                database.name(),
                database.jdbcUrl().replace(url.getAuthority(), "127.0.0.1:" + port.port()),
                database.user(),
                database.password());
    }

    private static Health health(ConfigurableApplicationContext node) {
        return Objects.requireNonNull(
                node.getBean(NodeLeaseHealthIndicator.class).health(true));
    }

    private static NodeMembership membership(ConfigurableApplicationContext node) {
        return node.getBean(NodeMembership.class);
    }

    /** Another node owns everything. */
    private void another(String process, Duration lease) {
        jdbc().sql("INSERT INTO node_lease (id, state, process, host, pid, address, port, renewals, since, held_until)"
                        + " VALUES ('another', 'LEAVING', ?, 'h', 7, 'localhost', 1, 0, UTC_TIMESTAMP(3),"
                        + " UTC_TIMESTAMP(3) + INTERVAL ? SECOND)")
                .param(process)
                .param(lease.toSeconds())
                .update();
        jdbc().sql("UPDATE shard_owner SET node = 'another', epoch = epoch + 1").update();
    }

    private int stored() {
        return jdbc().sql("SELECT COUNT(*) FROM domain_event")
                .query(Integer.class)
                .single();
    }

    /** The refusal, or {@code null} if there is none. */
    private static @Nullable RefusalCode charge(ConfigurableApplicationContext node, BuyerId buyer) throws Exception {
        CompletableFuture<Object> answer = node.getBean(CommandGateway.class)
                .send(new ChargePoints(buyer, new ChargeId(UUID.randomUUID()), Money.of(100, "EUR")));
        Throwable failure = answer.handle((done, exception) -> exception).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return failure == null ? null : ((RefusedException) NestedExceptionUtils.getMostSpecificCause(failure)).code();
    }

    private void migrated() {
        CommandSideHost.start(database, CommandSideHost.NO_NODE_LEASE).close();
    }

    private NodeMembership joined(List<String> progress) {
        NodeLeaseProperties settings = new NodeLeaseProperties(true, Duration.ofSeconds(3), Duration.ofSeconds(1));
        NodeMembership membership = new NodeMembership(
                new NodeTable(dataSource(), settings.lapse()),
                settings,
                new NodeRegistration("localhost", (id, secret) -> null),
                lost -> {});
        membership.start(1, NodeSecret.fresh(), progress::add);
        return membership;
    }

    private DriverManagerDataSource dataSource() {
        return new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
    }

    private JdbcClient jdbc() {
        return JdbcClient.create(dataSource());
    }
}
