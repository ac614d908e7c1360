package dev.onsale.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.IssueCoupon;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.TestSale;
import dev.onsale.embedded.Service;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** What was acknowledged is stored, what failed is not, whatever happens to the connections, the database or another node. */
@Tag("services")
class WritePathTest {

    private static final int KILLS = 160;
    private static final int IN_FLIGHT = 256;

    /** Fewer would say little about the writes between the faults; every load goes on until it has more. */
    private static final int ENOUGH = 500;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestDatabase database = TestDatabase.fresh();

    @Test
    void a_conflict_with_another_node_is_decided_again_on_fresh_state() {
        try (ConfigurableApplicationContext node = CommandSideHost.start(database)) {
            CampaignId campaign = launch(node, 100);
            CouponIssued first = issue(node, campaign, "alice");
            // Another node, whose cache and ours know nothing of each other, issues the second coupon.
            EventStorageEngine elsewhere = node.getBean("eventStorageEngine", EventStorageEngine.class);
            CouponIssued second = new CouponIssued(campaign, CouponId.next(), BuyerId.of("bob"), 2, first.issuedAt());
            elsewhere.appendEvents(new GenericDomainEventMessage<>("Campaign", campaign.toString(), 2, second));
            assertThat(issue(node, campaign, "carol").rank()).isEqualTo(3);
            assertThat(refusal(node, campaign, "bob")).isEqualTo(RefusalCode.ALREADY_ISSUED);
            assertThat(ranks(node, campaign)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void connections_killed_while_they_commit_lose_no_acknowledged_fact_and_store_no_failed_one() throws Exception {
        try (ConfigurableApplicationContext node = CommandSideHost.start(database)) {
            CampaignId campaign = launch(node, 10_000_000);
            // Each kill leaves as many holes in the log's numbers, and whoever follows the log carries them for a
            // while.
            Load load = new Load(node, campaign, 8);
            AtomicInteger kills = new AtomicInteger();
            Thread killer = Thread.ofVirtual().start(() -> killWriters(kills, load));
            load.runUntil(() -> kills.get() >= KILLS && load.acknowledged.size() > ENOUGH);
            killer.join(PATIENCE.toMillis());
            assertThat(kills.get())
                    .as("connections killed in the middle of a write")
                    .isGreaterThanOrEqualTo(KILLS);
            load.assertTrue(node, campaign);
            assertThat(load.unknown).as("an outcome is learnt, not guessed").isEmpty();
            assertThat(node.getBean(MeterRegistry.class)
                            .get("onsale.store.uncertain")
                            .counter()
                            .count())
                    .as("writes that ended without a certain outcome")
                    .isGreaterThanOrEqualTo(KILLS / 4.0);
        }
    }

    @Test
    void a_database_that_restarts_under_load_loses_no_acknowledged_fact() throws Exception {
        try (ConfigurableApplicationContext node = CommandSideHost.start(database)) {
            CampaignId campaign = launch(node, 10_000_000);
            Load load = new Load(node, campaign);
            AtomicBoolean restarted = new AtomicBoolean();
            Thread restart = Thread.ofVirtual().start(() -> {
                await("load before the restart").atMost(PATIENCE).until(() -> load.acknowledged.size() > ENOUGH);
                TestServices.embedded().kill(Service.MARIADB);
                TestServices.embedded().startAgain(Service.MARIADB);
                int before = load.acknowledged.size();
                await("load after the restart")
                        .atMost(PATIENCE)
                        .until(() -> load.acknowledged.size() > before + ENOUGH);
                restarted.set(true);
            });
            load.runUntil(restarted::get);
            restart.join(PATIENCE.toMillis());
            assertThat(restarted).as("written again after the restart").isTrue();
            load.assertTrue(node, campaign);
        }
    }

    @Test
    void a_node_that_stops_under_load_answers_every_command_it_took() throws Exception {
        ConfigurableApplicationContext node = CommandSideHost.start(database);
        CampaignId campaign = launch(node, 10_000_000);
        Load load = new Load(node, campaign);
        AtomicBoolean closed = new AtomicBoolean();
        Thread stop = Thread.ofVirtual().start(() -> {
            await("load before the stop").atMost(PATIENCE).until(() -> load.acknowledged.size() > ENOUGH);
            node.close();
            closed.set(true);
        });
        load.runUntil(closed::get);
        stop.join(PATIENCE.toMillis());
        assertThat(closed).as("stopped").isTrue();
        try (ConfigurableApplicationContext again = CommandSideHost.start(database)) {
            load.assertTrue(again, campaign);
        }
    }

    /** A bounded number of buyers in flight, every outcome kept. */
    private static final class Load {

        private final CommandGateway commands;
        private final CampaignId campaign;
        private final int inFlightMax;
        private final Semaphore inFlight;
        private final Map<CouponId, Integer> acknowledged = new ConcurrentHashMap<>();
        private final Set<CouponId> failed = ConcurrentHashMap.newKeySet();
        private final Set<CouponId> unknown = ConcurrentHashMap.newKeySet();
        private final AtomicBoolean stopped = new AtomicBoolean();

        Load(ConfigurableApplicationContext node, CampaignId campaign) {
            this(node, campaign, IN_FLIGHT);
        }

        Load(ConfigurableApplicationContext node, CampaignId campaign, int inFlightMax) {
            this.inFlightMax = inFlightMax;
            this.inFlight = new Semaphore(inFlightMax);
            this.commands = node.getBean(CommandGateway.class);
            this.campaign = campaign;
        }

        void runUntil(java.util.function.BooleanSupplier enough) throws InterruptedException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (int person = 0; !enough.getAsBoolean() && System.nanoTime() < deadline; person++) {
                if (!inFlight.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("no answer in " + PATIENCE);
                }
                CouponId coupon = CouponId.next();
                CompletableFuture<CouponIssued> answer =
                        commands.send(new IssueCoupon(campaign, coupon, BuyerId.of("person-" + person)));
                CompletableFuture<CouponIssued> unused = answer.whenComplete((issued, failure) -> {
                    if (failure == null) {
                        acknowledged.put(coupon, issued.rank());
                    } else if (failure instanceof RefusedException refused
                            && refused.code() == RefusalCode.TEMPORARILY_UNAVAILABLE) {
                        unknown.add(coupon);
                    } else {
                        failed.add(coupon);
                    }
                    inFlight.release();
                });
            }
            stopped.set(true);
            assertThat(inFlight.tryAcquire(inFlightMax, PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .as("every command answered")
                    .isTrue();
        }

        void assertTrue(ConfigurableApplicationContext node, CampaignId campaign) {
            Map<CouponId, Integer> stored = stored(node, campaign);
            assertThat(acknowledged).as("acknowledged").hasSizeGreaterThan(ENOUGH);
            assertThat(stored).as("every acknowledged coupon with its rank").containsAllEntriesOf(acknowledged);
            Set<CouponId> storedFailures = new HashSet<>(failed);
            storedFailures.retainAll(stored.keySet());
            assertThat(storedFailures).as("failed and yet stored").isEmpty();
            assertThat(ranks(node, campaign)).as("ranks without holes").hasSize(stored.size());
            System.out.printf(
                    "acknowledged %d, failed %d, unknown %d, stored %d%n",
                    acknowledged.size(), failed.size(), unknown.size(), stored.size());
        }
    }

    /** Watches the server's process list without a pause and ends connections in the middle of an insert into the log. */
    private void killWriters(AtomicInteger kills, Load load) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            while (kills.get() < KILLS && !load.stopped.get()) {
                List<Long> writing = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery(
                        "SELECT id FROM information_schema.processlist WHERE db = '" + database.name()
                                + "' AND command = 'Query' AND info LIKE 'INSERT INTO domain_event%'")) {
                    while (rows.next()) {
                        writing.add(rows.getLong(1));
                    }
                }
                for (long id : writing) {
                    try {
                        statement.execute("KILL CONNECTION " + id);
                        kills.incrementAndGet();
                        awaitNext(load);
                    } catch (SQLException gone) {
                        // It ended by itself in between.
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Who tries on is let through before the next is killed. */
    private static void awaitNext(Load load) {
        int before = load.acknowledged.size();
        while (load.acknowledged.size() == before && !load.stopped.get()) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private static CampaignId launch(ConfigurableApplicationContext node, int quantity) {
        CampaignId campaign = CampaignId.next();
        node.getBean(CommandGateway.class)
                .sendAndWait(
                        TestSale.launch(
                                campaign, quantity, node.getBean(Clock.class).instant()),
                        10,
                        TimeUnit.SECONDS);
        return campaign;
    }

    private static CouponIssued issue(ConfigurableApplicationContext node, CampaignId campaign, String person) {
        return node.getBean(CommandGateway.class)
                .sendAndWait(TestSale.issue(campaign, BuyerId.of(person)), 10, TimeUnit.SECONDS);
    }

    private static RefusalCode refusal(ConfigurableApplicationContext node, CampaignId campaign, String person) {
        try {
            issue(node, campaign, person);
        } catch (RefusedException refused) {
            return refused.code();
        }
        throw new AssertionError("expected a refusal");
    }

    private static List<Integer> ranks(ConfigurableApplicationContext node, CampaignId campaign) {
        return new ArrayList<>(stored(node, campaign).values())
                .stream().sorted().toList();
    }

    private static Map<CouponId, Integer> stored(ConfigurableApplicationContext node, CampaignId campaign) {
        Map<CouponId, Integer> stored = new HashMap<>();
        Set<Integer> ranks = new HashSet<>();
        StoredEvents events = node.getBean(StoredEvents.class);
        long next = 0;
        while (true) {
            List<StoredEvent> page = events.ofAggregate(campaign.toString(), next, 5_000);
            for (StoredEvent event : page) {
                assertThat(event.sequence()).as("sequence without holes").isEqualTo(next++);
                if (event.type().equals("onsale.coupon-issued")) {
                    CouponIssued issued =
                            dev.onsale.eventlog.EventJson.mapper().readValue(event.payloadJson(), CouponIssued.class);
                    assertThat(stored.put(issued.couponId(), issued.rank())).isNull();
                    assertThat(ranks.add(issued.rank())).as("rank twice").isTrue();
                }
            }
            if (page.size() < 5_000) {
                return stored;
            }
        }
    }
}
