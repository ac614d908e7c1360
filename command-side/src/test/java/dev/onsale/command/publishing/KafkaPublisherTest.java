package dev.onsale.command.publishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RecordLimits;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.TestSale;
import dev.onsale.embedded.Service;
import dev.onsale.eventlog.EventJson;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class KafkaPublisherTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final BuyerId ALICE = BuyerId.of("alice");

    private final ConfigurableApplicationContext host = CommandSideHost.start(TestDatabase.fresh());
    private final CommandGateway commands = host.getBean(CommandGateway.class);
    private final Clock clock = host.getBean(Clock.class);

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void every_fact_of_a_sale_is_told_in_order_as_a_cloud_event() {
        PerformanceId sale = PerformanceId.next();
        commands.sendAndWait(TestSale.schedule(sale, 5, Duration.ofMinutes(5), clock.instant()), 10, TimeUnit.SECONDS);
        ReservationId reservation = ReservationId.next();
        commands.sendAndWait(TestSale.hold(reservation, sale, ALICE, 1, null), 10, TimeUnit.SECONDS);
        commands.sendAndWait(new CancelReservation(reservation, sale, ALICE), 10, TimeUnit.SECONDS);

        List<ConsumerRecord<String, byte[]>> told = told(Topics.RESERVATION_EVENTS, sale.toString(), 7);
        assertThat(told)
                .extracting(record -> header(record, Topics.HEADER_TYPE))
                .containsExactly(
                        "onsale.performance-scheduled.v1",
                        "onsale.seat-held.v1",
                        "onsale.allowance-used.v1",
                        "onsale.reservation-held.v1",
                        "onsale.seat-released.v1",
                        "onsale.allowance-returned.v1",
                        "onsale.reservation-cancelled.v1");
        assertThat(told.stream()
                        .map(record -> Long.parseLong(header(record, Topics.HEADER_POSITION)))
                        .toList())
                .isSorted()
                .doesNotHaveDuplicates();
        ConsumerRecord<String, byte[]> held = told.get(1);
        assertThat(header(held, Topics.HEADER_SUBJECT)).isEqualTo(sale + ":A-1");
        assertThat(header(held, Topics.HEADER_SEQUENCE)).isEqualTo("0");
        assertThat(header(held, Topics.HEADER_SOURCE)).isEqualTo("/onsale/Seat");
        assertThat(header(held, Topics.HEADER_SPECVERSION)).isEqualTo("1.0");
        assertThat(header(told.getLast(), Topics.HEADER_OUTCOME)).isEqualTo("RESERVATION_CANCELLED");
        assertThat(new String(held.value(), StandardCharsets.UTF_8)).contains("\"buyerId\":\"alice\"");
        told.forEach(record -> assertThat(PublishedContract.problems(record)).isEmpty());
        held.headers().remove(Topics.HEADER_SOURCE);
        assertThat(PublishedContract.problems(held)).as("the contract bites").isNotEmpty();
    }

    @Test
    void a_fact_of_an_old_version_counts_when_orders_are_decided_and_is_told_as_one_of_today() {
        PerformanceId sale = PerformanceId.next();
        SchedulePerformance order = TestSale.schedule(sale, 5, Duration.ofMinutes(5), clock.instant());
        PerformanceScheduled scheduled = new PerformanceScheduled(
                sale,
                order.title(),
                order.startsAt(),
                order.seatingPlan(),
                order.priceZones(),
                order.saleOpensAt(),
                order.saleClosesAt(),
                order.maxSeatsPerBuyer(),
                order.holdDuration(),
                false,
                clock.instant());
        JdbcClient log = JdbcClient.create(host.getBean(DataSource.class));
        store(log, sale, 0, "onsale.performance-scheduled", EventJson.mapper().writeValueAsString(scheduled));
        // As it was written before it said who.
        store(
                log,
                sale,
                1,
                "onsale.sale-closed",
                "{\"performanceId\":\"" + sale + "\",\"closedAt\":\"" + clock.instant() + "\"}");

        assertThatThrownBy(() -> commands.sendAndWait(
                        TestSale.hold(ReservationId.next(), sale, ALICE, 1, null), 10, TimeUnit.SECONDS))
                .hasStackTraceContaining("The sale is closed");
        ConsumerRecord<String, byte[]> closed =
                told(Topics.RESERVATION_EVENTS, sale.toString(), 2).getLast();
        assertThat(header(closed, Topics.HEADER_TYPE)).isEqualTo("onsale.sale-closed.v2");
        assertThat(new String(closed.value(), StandardCharsets.UTF_8)).contains("\"closedBy\":\"unknown\"");
        assertThat(PublishedContract.problems(closed)).isEmpty();
    }

    @Test
    void a_fact_that_kafka_refuses_holds_its_own_sale_alone_until_an_operator_drops_it() {
        PerformanceId sale = PerformanceId.next();
        SchedulePerformance order = TestSale.schedule(sale, 5, Duration.ofMinutes(5), clock.instant());
        PerformanceScheduled tooLarge = new PerformanceScheduled(
                sale,
                "x".repeat(RecordLimits.RECORD_BYTES_MAX),
                order.startsAt(),
                order.seatingPlan(),
                order.priceZones(),
                order.saleOpensAt(),
                order.saleClosesAt(),
                order.maxSeatsPerBuyer(),
                order.holdDuration(),
                false,
                clock.instant());
        JdbcClient log = JdbcClient.create(host.getBean(DataSource.class));
        store(log, sale, 0, "onsale.performance-scheduled", EventJson.mapper().writeValueAsString(tooLarge));
        store(
                log,
                sale,
                1,
                "onsale.sale-closed",
                "{\"performanceId\":\"" + sale + "\",\"closedAt\":\"" + clock.instant() + "\"}");
        PerformanceId other = PerformanceId.next();
        commands.sendAndWait(TestSale.schedule(other, 5, Duration.ofMinutes(5), clock.instant()), 10, TimeUnit.SECONDS);

        told(Topics.RESERVATION_EVENTS, other.toString(), 1);
        HeldSales held = host.getBean(HeldSales.class);
        await("both facts are set aside").atMost(PATIENCE).until(() -> held.find(sale.toString())
                .filter(one -> one.facts() == 2)
                .isPresent());
        assertThat(host.getBean(PublisherHealthIndicator.class).health().getStatus())
                .isEqualTo(Status.OUT_OF_SERVICE);
        HeldSaleRetry retry = host.getBean(HeldSaleRetry.class);
        retry.retry(sale.toString());
        assertThat(held.find(sale.toString()).orElseThrow().facts()).isEqualTo(2);

        retry.dropFirst(
                sale.toString(),
                held.find(sale.toString()).orElseThrow().position(),
                "operator",
                "the title was a mistake");
        assertThat(told(Topics.RESERVATION_EVENTS, sale.toString(), 1))
                .extracting(record -> header(record, Topics.HEADER_TYPE))
                .containsOnly("onsale.sale-closed.v2");
        assertThat(held.find(sale.toString())).isEmpty();
    }

    private static void store(JdbcClient log, PerformanceId sale, long sequence, String type, String payload) {
        log.sql(
                        "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                                + " payload_type, payload_revision, payload, meta_data) VALUES (?, ?, ?, 'Performance', ?, ?, '1', ?, '{}')")
                .params(
                        UUID.randomUUID().toString(),
                        sale.toString(),
                        sequence,
                        "2026-06-01T12:00:00.000Z",
                        type,
                        payload.getBytes(StandardCharsets.UTF_8))
                .update();
    }

    @Test
    void a_fact_that_is_committed_late_is_told_with_its_own_position_before_those_behind_it() {
        CampaignId campaign = CampaignId.next();
        commands.sendAndWait(TestSale.launch(campaign, 50, clock.instant()), 10, TimeUnit.SECONDS);
        CampaignId slow = CampaignId.next();
        EventStorageEngine store = host.getBean("eventStorageEngine", EventStorageEngine.class);
        new TransactionTemplate(new JdbcTransactionManager(host.getBean(DataSource.class)))
                .executeWithoutResult(open -> {
                    // Its place in the log is taken here, but nobody sees it before the commit.
                    store.appendEvents(new GenericDomainEventMessage<>(
                            "Campaign", slow.toString(), 0, new CampaignClosed(slow, clock.instant())));
                    commands.sendAndWait(TestSale.issue(campaign, ALICE), 10, TimeUnit.SECONDS);
                });
        ConsumerRecord<String, byte[]> late =
                told(Topics.COUPON_EVENTS, slow.toString(), 1).getFirst();
        ConsumerRecord<String, byte[]> issued =
                told(Topics.COUPON_EVENTS, campaign.toString(), 2).getLast();
        assertThat(Long.parseLong(header(late, Topics.HEADER_POSITION)))
                .isLessThan(Long.parseLong(header(issued, Topics.HEADER_POSITION)));
    }

    @Test
    void while_kafka_is_away_selling_goes_on_and_nothing_is_lost() {
        CampaignId campaign = CampaignId.next();
        commands.sendAndWait(TestSale.launch(campaign, 50, clock.instant()), 10, TimeUnit.SECONDS);
        told(Topics.COUPON_EVENTS, campaign.toString(), 1);
        TestServices.embedded().kill(Service.KAFKA);
        for (int person = 0; person < 50; person++) {
            commands.sendAndWait(TestSale.issue(campaign, BuyerId.of("person-" + person)), 10, TimeUnit.SECONDS);
        }
        PublishingProgress progress = host.getBean(PublishingProgress.class);
        await("the age of what is not published")
                .atMost(PATIENCE)
                .until(() -> progress.oldestAge().compareTo(Duration.ofSeconds(1)) > 0);
        TestServices.embedded().startAgain(Service.KAFKA);
        List<ConsumerRecord<String, byte[]>> told = told(Topics.COUPON_EVENTS, campaign.toString(), 52);
        assertThat(told.stream()
                        .map(record -> Long.parseLong(header(record, Topics.HEADER_SEQUENCE)))
                        .distinct()
                        .sorted()
                        .toList())
                .as("sequence numbers told, repeats aside")
                .hasSize(52)
                .startsWith(0L)
                .endsWith(51L);
        await("nothing is unpublished").atMost(PATIENCE).until(() -> progress.oldestAge()
                .isZero());
    }

    /** Reads until so many different facts of a sale were told. */
    private static List<ConsumerRecord<String, byte[]>> told(String topic, String sale, int facts) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                TestServices.shared().kafkaBootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        List<ConsumerRecord<String, byte[]>> told = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await("facts of the sale on " + topic).atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (sale.equals(record.key())) {
                        told.add(record);
                    }
                });
                return told.stream()
                                .map(record -> header(record, Topics.HEADER_ID))
                                .distinct()
                                .count()
                        >= facts;
            });
        }
        return told;
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
