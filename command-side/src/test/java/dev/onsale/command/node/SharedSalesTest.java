package dev.onsale.command.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.command.CommandSideHost;
import dev.onsale.command.node.SharedSales.Answered;
import dev.onsale.command.store.Shards;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.testsupport.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Several nodes take random commands for the same sales while shards change their owners. */
@Tag("services")
class SharedSalesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Answers between two changes of owners. */
    private static final int ENOUGH = 300;

    private static final String SHORT_LEASE = "--onsale.command.node-lease.lapse=PT1.5S";
    private static final String OFTEN_RENEWED = "--onsale.command.node-lease.renew-every=PT0.3S";

    private final TestDatabase database = TestDatabase.fresh();

    @Test
    void nodes_that_lose_leases_join_and_leave_break_no_rule_refuse_nothing_falsely_and_lose_no_acknowledgement()
            throws Exception {
        try (ConfigurableApplicationContext first = node();
                ConfigurableApplicationContext second = node();
                SharedSales load = new SharedSales(database, List.of(gateway(first), gateway(second)))) {
            for (boolean firstIsPaused : List.of(true, false)) {
                ConfigurableApplicationContext paused = firstIsPaused ? first : second;
                ConfigurableApplicationContext other = firstIsPaused ? second : first;
                both(first, second);
                more(load);
                HangingRenewals renewals = paused.getBean(HangingRenewals.class);
                renewals.hang();
                await("a takeover").atMost(PATIENCE).until(() -> owned(other) == Shards.COUNT);
                more(load);
                renewals.goOn();
            }
            both(first, second);
            try (ConfigurableApplicationContext third = node()) {
                await("a third node").atMost(PATIENCE).until(() -> owned(third) > Shards.COUNT / 4);
                more(load);
            }
            both(first, second);
            more(load);
            List<Answered> answers = load.stop();
            assertThat(SharedSalesVerdict.violations(first.getBean(StoredEvents.class), answers))
                    .isEmpty();
            assertThat(answers)
                    .as("refusals that are decided")
                    .anyMatch(answered -> "SEAT_TAKEN".equals(String.valueOf(answered.refusal())))
                    .anyMatch(answered -> "SALE_CLOSED".equals(String.valueOf(answered.refusal())));
        }
    }

    @Test
    void a_node_that_believes_to_own_shards_of_another_writes_nothing_to_them() throws Exception {
        // Long leases: a node that is removed notices it only by its writes, for a while.
        try (ConfigurableApplicationContext first = node("--onsale.command.node-lease.renew-every=PT3S");
                ConfigurableApplicationContext second = node("--onsale.command.node-lease.renew-every=PT3S");
                SharedSales load = new SharedSales(database, List.of(gateway(first), gateway(second)))) {
            for (int removal = 0; removal < 2; removal++) {
                both(first, second);
                more(load);
                NodeMembership removed = (removal % 2 == 0 ? first : second).getBean(NodeMembership.class);
                NodeMembership taking = (removal % 2 == 0 ? second : first).getBean(NodeMembership.class);
                String id = removed.id();
                jdbc().sql("DELETE FROM node_lease WHERE id = ?").param(id).update();
                taking.lookSoon();
                await("the removed node joins again").atMost(PATIENCE).until(() -> !removed.id()
                        .equals(id));
            }
            List<Answered> answers = load.stop();
            assertThat(SharedSalesVerdict.violations(first.getBean(StoredEvents.class), answers))
                    .filteredOn(violation -> !violation.startsWith("a refusal"))
                    .as("rules and acknowledgements; the removal itself broke the lease that refusals rely on")
                    .isEmpty();
        }
    }

    @Test
    void without_owners_the_same_commands_break_rules_or_are_refused_falsely() throws Exception {
        try (ConfigurableApplicationContext first = CommandSideHost.start(database, CommandSideHost.NO_NODE_LEASE);
                ConfigurableApplicationContext second = CommandSideHost.start(database, CommandSideHost.NO_NODE_LEASE);
                SharedSales load = new SharedSales(database, List.of(gateway(first), gateway(second)))) {
            more(load);
            more(load);
            more(load);
            assertThat(SharedSalesVerdict.violations(first.getBean(StoredEvents.class), load.stop()))
                    .anyMatch(violation -> violation.startsWith("sold after the end"))
                    .anyMatch(violation -> violation.startsWith("a refusal"));
        }
    }

    private ConfigurableApplicationContext node() {
        return CommandSideHost.start(database, List.of(HangingRenewals.class), SHORT_LEASE, OFTEN_RENEWED);
    }

    private ConfigurableApplicationContext node(String renewEvery) {
        return CommandSideHost.start(
                database, List.of(HangingRenewals.class), "--onsale.command.node-lease.lapse=PT1M", renewEvery);
    }

    private JdbcClient jdbc() {
        return JdbcClient.create(new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password()));
    }

    private static CommandGateway gateway(ConfigurableApplicationContext node) {
        return node.getBean(CommandGateway.class);
    }

    private static int owned(ConfigurableApplicationContext node) {
        return node.getBean(NodeMembership.class).owned();
    }

    private static void both(ConfigurableApplicationContext first, ConfigurableApplicationContext second) {
        await("a fair share for both")
                .atMost(PATIENCE)
                .until(() -> owned(first) > Shards.COUNT / 4
                        && owned(second) > Shards.COUNT / 4
                        && owned(first) + owned(second) == Shards.COUNT);
    }

    private static void more(SharedSales load) {
        int enough = load.answered() + ENOUGH;
        await("more answers").atMost(PATIENCE.multipliedBy(2)).until(() -> load.answered() > enough);
    }
}
