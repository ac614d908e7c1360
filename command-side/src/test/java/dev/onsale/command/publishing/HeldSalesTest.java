package dev.onsale.command.publishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RecordLimits;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.http.Ask;
import dev.onsale.command.http.Ask.Said;
import dev.onsale.embedded.Service;
import dev.onsale.eventlog.EventJson;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A sale that Kafka refuses a fact of, until its facts are published after all. Each test restarts or stops something. */
@Tag("services")
class HeldSalesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SMALL = 100_000;
    private static final BuyerId ALICE = BuyerId.of("alice");

    private final TestDatabase database = TestDatabase.fresh();
    private final HttpClient http = HttpClient.newHttpClient();
    private final PerformanceId sale = PerformanceId.next();
    private final String key = sale.toString();
    private ConfigurableApplicationContext host = CommandSideHost.start(database);

    /** The publisher raises the limit before its first fact; only then does a smaller one stay. */
    @BeforeEach
    void a_topic_that_takes_small_records_alone() throws Exception {
        PerformanceId first = PerformanceId.next();
        schedule(first);
        SaleTopics.told(first.toString(), 1);
        SaleTopics.limit(Topics.RESERVATION_EVENTS, SMALL);
    }

    @AfterEach
    void stop() throws Exception {
        SaleTopics.limit(Topics.RESERVATION_EVENTS, RecordLimits.RECORD_BYTES_MAX);
        host.close();
        http.close();
    }

    @Test
    void when_the_cause_is_gone_a_retry_publishes_all_facts_in_order() throws Exception {
        storeLargeSchedule();
        ReservationId reservation = ReservationId.next();
        hold(reservation, ALICE, 1);
        commands().sendAndWait(new CancelReservation(reservation, sale, ALICE), 10, TimeUnit.SECONDS);
        awaitHeld(7);

        SaleTopics.limit(Topics.RESERVATION_EVENTS, RecordLimits.RECORD_BYTES_MAX);
        retryUntilPublished();
        hold(ReservationId.next(), BuyerId.of("bob"), 1);
        var told = SaleTopics.told(key, 10);
        assertThat(SaleTopics.positions(told)).isSorted();
        assertThat(told.stream().map(record -> SaleTopics.header(record, Topics.HEADER_TYPE)))
                .containsExactly(
                        "onsale.performance-scheduled.v1",
                        "onsale.seat-held.v1",
                        "onsale.allowance-used.v1",
                        "onsale.reservation-held.v1",
                        "onsale.seat-released.v1",
                        "onsale.allowance-returned.v1",
                        "onsale.reservation-cancelled.v1",
                        "onsale.seat-held.v1",
                        "onsale.allowance-used.v1",
                        "onsale.reservation-held.v1");
        assertThat(retry().code()).isEqualTo("SALE_NOT_FOUND");
    }

    @Test
    void nothing_of_the_sale_overtakes_what_is_held_while_a_retry_is_under_way() throws Exception {
        storeLargeSchedule();
        int holds = 250;
        for (int seat = 1; seat <= holds; seat++) {
            hold(ReservationId.next(), BuyerId.of("early-" + seat), seat);
        }
        awaitHeld(1 + 3 * holds);
        SaleTopics.limit(Topics.RESERVATION_EVENTS, RecordLimits.RECORD_BYTES_MAX);
        Thread buyers = Thread.ofVirtual().start(() -> {
            for (int seat = holds + 1; seat <= 2 * holds; seat++) {
                hold(ReservationId.next(), BuyerId.of("late-" + seat), seat);
            }
        });
        retryUntilPublished();
        assertThat(buyers.join(PATIENCE)).isTrue();
        var told = SaleTopics.told(key, 1 + 6 * holds);
        assertThat(SaleTopics.positions(told)).isSorted().hasSize(1 + 6 * holds);
    }

    @Test
    void a_held_sale_is_still_held_after_a_restart_and_loses_nothing() throws Exception {
        storeLargeSchedule();
        hold(ReservationId.next(), ALICE, 1);
        awaitHeld(4);
        host.close();
        host = CommandSideHost.start(database);
        // The restart raises the limit; the sale waits for the operator all the same.
        hold(ReservationId.next(), BuyerId.of("bob"), 2);
        awaitHeld(7);
        retryUntilPublished();
        assertThat(SaleTopics.positions(SaleTopics.told(key, 7))).isSorted();
    }

    @Test
    void a_fact_is_given_up_only_with_a_reason_which_is_kept() throws Exception {
        storeLargeSchedule();
        hold(ReservationId.next(), ALICE, 1);
        awaitHeld(4);
        long position = held().find(key).orElseThrow().position();
        String path = "/api/admin/publisher/held-sales/" + key + "/drop?position=" + position;
        for (@Nullable
        String body :
                new @Nullable String[] {null, "{}", "{\"reason\":\"\"}", "{\"reason\":\"" + "x".repeat(501) + "\"}"}) {
            assertThat(post("operator", path, body).status()).isEqualTo(400);
        }
        assertThat(post("alice", path, "{\"reason\":\"mine\"}").status()).isEqualTo(403);
        assertThat(post("operator", path + "1", "{\"reason\":\"elsewhere\"}").status())
                .isEqualTo(400);
        assertThat(held().find(key).orElseThrow().facts()).isEqualTo(4);

        Said dropped = post("operator", path, "{\"reason\":\"the title was a mistake\"}");
        assertThat(dropped.body()).contains("\"published\":true");
        assertThat(SaleTopics.positions(SaleTopics.told(key, 3))).isSorted().doesNotContain(position);
        assertThat(held().dropped(10)).singleElement().satisfies(fact -> {
            assertThat(fact.saleKey()).isEqualTo(key);
            assertThat(fact.position()).isEqualTo(position);
            assertThat(fact.reason()).isEqualTo("the title was a mistake");
            assertThat(fact.droppedBy()).isEqualTo("operator");
            assertThat(fact.refusal()).contains("RecordTooLarge");
        });
    }

    @Test
    void a_retry_while_kafka_is_away_says_so_and_loses_nothing() throws Exception {
        storeLargeSchedule();
        awaitHeld(1);
        TestServices.embedded().kill(Service.KAFKA);
        try {
            Said away = retry();
            assertThat(away.status()).isEqualTo(503);
            assertThat(away.code()).isEqualTo("TEMPORARILY_UNAVAILABLE");
        } finally {
            TestServices.embedded().startAgain(Service.KAFKA);
        }
        assertThat(held().find(key).orElseThrow().facts()).isEqualTo(1);
        SaleTopics.limit(Topics.RESERVATION_EVENTS, RecordLimits.RECORD_BYTES_MAX);
        retryUntilPublished();
        SaleTopics.told(key, 1);
    }

    @Test
    void a_topic_with_a_smaller_limit_is_raised_and_one_with_a_larger_limit_is_left_alone() throws Exception {
        int larger = RecordLimits.RECORD_BYTES_MAX + 1;
        SaleTopics.limit(Topics.WALLET_EVENTS, larger);
        host.close();
        host = CommandSideHost.start(database);
        schedule(PerformanceId.next());
        await("the raised limit")
                .atMost(PATIENCE)
                .until(() -> SaleTopics.limit(Topics.RESERVATION_EVENTS) == RecordLimits.RECORD_BYTES_MAX);
        assertThat(SaleTopics.limit(Topics.WALLET_EVENTS)).isEqualTo(larger);
        SaleTopics.limit(Topics.WALLET_EVENTS, RecordLimits.RECORD_BYTES_MAX);
    }

    /** A title that does not compress, in a fact that no command would write. */
    private void storeLargeSchedule() {
        SchedulePerformance order = TestSale.schedule(sale, 600, Duration.ofMinutes(5), clock().instant());
        Random random = new Random(1);
        StringBuilder title = new StringBuilder();
        while (title.length() < 3 * SMALL) {
            title.append((char) ('0' + random.nextInt(75)));
        }
        PerformanceScheduled fact = new PerformanceScheduled(
                sale,
                title.toString().replace('\\', '/'),
                order.startsAt(),
                order.seatingPlan(),
                order.priceZones(),
                order.saleOpensAt(),
                order.saleClosesAt(),
                order.maxSeatsPerBuyer(),
                order.holdDuration(),
                false,
                clock().instant());
        JdbcClient.create(host.getBean(DataSource.class))
                .sql(
                        "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                                + " payload_type, payload_revision, payload, meta_data)"
                                + " VALUES (?, ?, 0, 'Performance', ?, 'onsale.performance-scheduled', '1', ?, '{}')")
                .params(
                        UUID.randomUUID().toString(),
                        key,
                        clock().instant().toString(),
                        EventJson.mapper().writeValueAsBytes(fact))
                .update();
    }

    private void schedule(PerformanceId id) {
        commands()
                .sendAndWait(TestSale.schedule(id, 5, Duration.ofMinutes(5), clock().instant()), 10, TimeUnit.SECONDS);
    }

    private void hold(ReservationId reservation, BuyerId buyer, int seat) {
        commands().sendAndWait(TestSale.hold(reservation, sale, buyer, seat, null), 10, TimeUnit.SECONDS);
    }

    private void awaitHeld(long facts) {
        await(facts + " held facts").atMost(PATIENCE).until(() -> held().find(key)
                .filter(one -> one.facts() == facts)
                .isPresent());
    }

    private void retryUntilPublished() {
        await("the facts are published").atMost(PATIENCE).until(() -> retry().body()
                .contains("\"published\":true"));
    }

    private Said retry() throws Exception {
        return post("operator", "/api/admin/publisher/held-sales/" + key + "/retry", null);
    }

    private Said post(String caller, String path, @Nullable String body) throws Exception {
        return new Ask(http, host)
                .post(caller, UUID.randomUUID().toString(), path, body)
                .said();
    }

    private HeldSales held() {
        return host.getBean(HeldSales.class);
    }

    private CommandGateway commands() {
        return host.getBean(CommandGateway.class);
    }

    private Clock clock() {
        return host.getBean(Clock.class);
    }
}
