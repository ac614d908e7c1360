package dev.onsale.query;

import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.launched;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatHeld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.CampaignId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.testsupport.TestServices;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

/** No record stops the consumers, whatever its size and whatever is thrown while it is handled. */
class UnusualRecordsTest extends QuerySideTest {

    private final PerformanceId performance = aPerformance();

    @Test
    void a_record_larger_than_a_fetch_is_consumed_and_what_follows_it_too() {
        ProducerRecord<String, byte[]> large = TELLER.tell(scheduled(performance, 30_000));
        assertThat(large.value()).hasSizeGreaterThan(2 * ConsumerConfig.DEFAULT_MAX_PARTITION_FETCH_BYTES);
        TELLER.tell(seatHeld(performance, 1, ReservationId.next()));
        awaitConsumed();
        assertThat(count("SELECT held FROM seat_map_view WHERE performance_id = ?", performance.toString()))
                .isEqualTo(1);
    }

    @Test
    void an_error_while_a_fact_is_handled_puts_its_own_sale_aside_alone() {
        PerformanceId other = aPerformance();
        PerformanceScheduled fact = scheduled(performance, 3);
        TELLER.tell(new PerformanceScheduled(
                performance,
                QuerySideApplication.BROKEN_TITLE,
                fact.startsAt(),
                fact.seatingPlan(),
                fact.priceZones(),
                fact.saleOpensAt(),
                fact.saleClosesAt(),
                fact.maxSeatsPerBuyer(),
                fact.holdDuration(),
                false,
                fact.scheduledAt()));
        TELLER.tell(scheduled(other, 3));
        TELLER.tell(seatHeld(other, 1, ReservationId.next()));
        awaitConsumed();
        assertThat(count("SELECT held FROM seat_map_view WHERE performance_id = ?", other.toString()))
                .isEqualTo(1);
        assertThat(dead(performance.toString())).isEqualTo(1);
        assertThat(TELLER.deadLetters(Topics.RESERVATION_EVENTS, performance.toString()))
                .hasSize(1);
    }

    @Test
    void a_dead_letter_that_its_topic_refuses_for_its_size_is_kept_in_the_database() throws Exception {
        CampaignId campaign = CampaignId.next();
        CampaignId other = CampaignId.next();
        byte[] unreadable = new byte[5_000];
        new Random(1).nextBytes(unreadable);
        ProducerRecord<String, byte[]> fine = TELLER.keepBack(launched(campaign, 5));
        limit(Topics.COUPON_EVENTS + ".DLT", 2_000);
        try {
            TELLER.send(new ProducerRecord<>(fine.topic(), null, fine.key(), unreadable, fine.headers()));
            TELLER.tell(launched(other, 5));
            awaitConsumed();
        } finally {
            limit(Topics.COUPON_EVENTS + ".DLT", 32 << 20);
        }
        assertThat(dead(campaign.toString())).isEqualTo(1);
        assertThat(TELLER.deadLetters(Topics.COUPON_EVENTS, campaign.toString()))
                .isEmpty();
        assertThat(count("SELECT COUNT(*) FROM campaign_view WHERE campaign_id = ?", other.toString()))
                .isEqualTo(1);
    }

    private long dead(String key) {
        return count(
                "SELECT COUNT(*) FROM kafka_dead_letter WHERE record_key = ? AND consumer_group = ? AND state = 'DEAD'",
                key,
                GROUP);
    }

    private static void limit(String topic, int bytes) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", TestServices.shared().kafkaBootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            resource,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes)),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            eventually("the limit").until(() -> Integer.toString(bytes)
                    .equals(Objects.requireNonNull(admin.describeConfigs(List.of(resource))
                                    .all()
                                    .get(20, TimeUnit.SECONDS)
                                    .get(resource))
                            .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
                            .value()));
        }
    }
}
