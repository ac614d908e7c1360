package dev.onsale.command.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ChargeId;
import dev.onsale.api.Money;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.wallet.ChargePoints;
import dev.onsale.command.CommandSideHost;
import dev.onsale.platform.supervision.NodeLeaseLost;
import dev.onsale.testsupport.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;

@Tag("services")
class NodeLeaseTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final TestDatabase database = TestDatabase.fresh();

    @Test
    void a_second_node_is_refused_in_one_line_and_the_first_goes_on() {
        try (ConfigurableApplicationContext first = CommandSideHost.start(database)) {
            assertThatThrownBy(() -> CommandSideHost.start(database).close()).satisfies(failure -> assertThat(
                            NestedExceptionUtils.getMostSpecificCause(failure))
                    .isInstanceOf(NodeLeaseRefusedException.class)
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageMatching("another node \\(host .+, pid \\d+, since .+\\) already takes commands.+"));
            assertThat(first.getBean(NodeLease.class).isOpen()).isTrue();
        }
    }

    @Test
    void a_clean_stop_lets_the_next_node_begin_at_once() {
        CommandSideHost.start(database).close();
        List<String> progress = new ArrayList<>();
        try (NodeLease next = lease(progress)) {
            assertThat(next.isOpen()).isTrue();
        }
        assertThat(progress).isEmpty();
    }

    @Test
    void after_a_crash_the_next_node_waits_until_the_lease_lapses_and_says_so_once() {
        migrated();
        jdbc().sql("UPDATE command_node SET owner = 'dead', host = 'h', pid = 7, epoch = 5, since = UTC_TIMESTAMP(3),"
                        + " held_until = UTC_TIMESTAMP(3) + INTERVAL 2 SECOND")
                .update();
        List<String> progress = new ArrayList<>();
        long begun = System.nanoTime();
        try (NodeLease next = lease(progress)) {
            assertThat(next.epoch()).isEqualTo(6);
            assertThat(next.isOpen()).isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
        assertThat(progress).singleElement().asString().contains("host h, pid 7");
    }

    @Test
    void a_node_whose_lease_was_taken_over_takes_no_commands_and_writes_nothing() throws Exception {
        try (ConfigurableApplicationContext node = CommandSideHost.start(database)) {
            NodeLease lease = node.getBean(NodeLease.class);
            takenOver();
            await().atMost(PATIENCE).until(lease::isLost);
            assertThat(refusal(node)).isEqualTo(RefusalCode.OVERLOADED);
            assertThat(Objects.requireNonNull(
                                    node.getBean(NodeLeaseHealthIndicator.class).health(true))
                            .getStatus())
                    .isEqualTo(Status.DOWN);
        }
        assertThat(jdbc().sql("SELECT owner FROM command_node")
                        .query(String.class)
                        .single())
                .as("the new owner keeps its lease when the old node stops")
                .isEqualTo("another");
    }

    @Test
    void a_write_of_a_node_that_does_not_know_yet_that_it_lost_its_lease_is_refused_by_the_database() throws Exception {
        // It renews too seldom to notice by itself.
        try (ConfigurableApplicationContext node = CommandSideHost.start(
                database, "--onsale.command.node-lease.renew-every=PT5M", "--onsale.command.node-lease.lapse=PT20M")) {
            takenOver();
            assertThat(node.getBean(NodeLease.class).isOpen()).isTrue();
            assertThat(refusal(node)).isEqualTo(RefusalCode.OVERLOADED);
            assertThat(jdbc().sql("SELECT COUNT(*) FROM domain_event")
                            .query(Integer.class)
                            .single())
                    .isZero();
        }
    }

    private void takenOver() {
        jdbc().sql("UPDATE command_node SET owner = 'another', epoch = epoch + 1,"
                        + " held_until = UTC_TIMESTAMP(3) + INTERVAL 1 HOUR")
                .update();
    }

    private static RefusalCode refusal(ConfigurableApplicationContext node) throws Exception {
        CompletableFuture<Object> answer = node.getBean(CommandGateway.class)
                .send(new ChargePoints(
                        BuyerId.of("alice"), new ChargeId(java.util.UUID.randomUUID()), Money.of(100, "EUR")));
        Throwable failure = answer.handle((done, exception) -> exception).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return ((RefusedException)
                        NestedExceptionUtils.getMostSpecificCause(Objects.requireNonNull(failure, "no refusal")))
                .code();
    }

    private void migrated() {
        CommandSideHost.start(database, CommandSideHost.NO_NODE_LEASE).close();
    }

    private NodeLease lease(List<String> progress) {
        NodeLeaseProperties settings = new NodeLeaseProperties(true, Duration.ofSeconds(6), Duration.ofSeconds(1));
        List<NodeLeaseLost> lost = new CopyOnWriteArrayList<>();
        return new NodeLease(new NodeLeaseTable(dataSource(), settings.lapse()), settings, lost::add, progress::add);
    }

    private org.springframework.jdbc.datasource.DriverManagerDataSource dataSource() {
        return new org.springframework.jdbc.datasource.DriverManagerDataSource(
                database.jdbcUrl(), database.user(), database.password());
    }

    private JdbcClient jdbc() {
        return JdbcClient.create(dataSource());
    }
}
