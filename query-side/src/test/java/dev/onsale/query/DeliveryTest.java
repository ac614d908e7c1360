package dev.onsale.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.embedded.Service;
import dev.onsale.testsupport.TestServices;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

/** Whatever goes wrong between the log and the read models, in the end they equal the fold of what was told. */
class DeliveryTest extends QuerySideTest {

    private static final Duration OUTAGE = Duration.ofSeconds(30);
    private static final long SEED = 20_260_601;

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private Environment environment;

    private void awaitAllConsumed() {
        for (String group : List.of(GROUP, STATISTICS)) {
            Awaitility.await(group + " has committed every offset")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> TELLER.lag(group), lag -> lag == 0);
        }
    }

    private void requireEqual(ToldSales sales) {
        awaitAllConsumed();
        eventually("the rows equal the fold").untilAsserted(() -> sales.requireRowsEqualTheFold(jdbc));
    }

    @Test
    void poison_in_the_middle_holds_up_its_own_sale_alone_until_it_is_dropped() {
        ToldSales sales = new ToldSales(TELLER, SEED, 6, 20);
        sales.go(200);
        String poisoned = sales.someSale();
        ProducerRecord<String, byte[]> poison =
                new ProducerRecord<>("reservation-events", null, poisoned, "{".getBytes(StandardCharsets.UTF_8));
        Teller.header(poison, "ce_type", "onsale.reservation-held.v1");
        Teller.header(poison, "ce_sequence", "0");
        Teller.header(poison, "ce_onsaleposition", "1");
        TELLER.send(poison);
        sales.go(400);
        awaitAllConsumed();
        assertThat(count("SELECT COUNT(*) FROM kafka_dead_letter WHERE state = 'PARKED' AND record_key = ?", poisoned))
                .isGreaterThan(20);
        // One for each group that has to read reservations.
        List<Long> dead = jdbc.sql("SELECT id FROM kafka_dead_letter WHERE state = 'DEAD' AND record_key = ?")
                .param(poisoned)
                .query(Long.class)
                .list();
        assertThat(dead).hasSize(2);
        for (long id : dead) {
            asOperator()
                    .post()
                    .uri("/api/admin/dead-letters/{id}/drop", id)
                    .bodyValue(Map.of("reason", "poison of a test"))
                    .exchange()
                    .expectStatus()
                    .isOk();
        }
        sales.go(100);
        eventually("nothing waits")
                .until(() -> count("SELECT COUNT(*) FROM kafka_dead_letter WHERE waiting AND record_key = ?", poisoned)
                        == 0);
        requireEqual(sales);
    }

    @Test
    void a_database_that_is_stopped_for_a_while_loses_and_doubles_nothing() {
        ToldSales sales = new ToldSales(TELLER, SEED + 1, 4, 20);
        sales.go(100);
        TestServices.embedded().kill(Service.MARIADB);
        try {
            sales.go(300);
            double tries = counter("onsale.consumed.held.up", "group", "read-models");
            Awaitility.await("the database stays away")
                    .pollDelay(OUTAGE)
                    .atMost(OUTAGE.plusSeconds(60))
                    .until(() -> counter("onsale.consumed.held.up", "group", "read-models") > tries);
        } finally {
            TestServices.embedded().startAgain(Service.MARIADB);
        }
        sales.go(50);
        requireEqual(sales);
        assertThat(count("SELECT COUNT(*) FROM kafka_dead_letter WHERE waiting AND record_key = ?", sales.someSale()))
                .isZero();
    }

    @Test
    void what_is_told_twice_or_again_after_what_followed_it_changes_nothing() {
        ToldSales sales = new ToldSales(TELLER, SEED + 2, 4, 15);
        Random random = new Random(SEED);
        sales.afterEach(record -> {
            if (random.nextInt(3) == 0) {
                TELLER.send(record);
            }
            if (random.nextInt(5) == 0) {
                TELLER.send(sales.told().get(random.nextInt(sales.told().size())));
            }
        });
        sales.go(400);
        // A whole run once more, as after a crash between the commit of Kafka and that of the publisher's position.
        sales.afterEach(record -> {});
        List.copyOf(sales.told())
                .subList(sales.told().size() / 2, sales.told().size())
                .forEach(TELLER::send);
        requireEqual(sales);
    }

    @Test
    void consumers_that_come_die_in_the_middle_of_a_batch_and_leave_lose_and_double_nothing() throws Exception {
        ToldSales sales = new ToldSales(TELLER, SEED + 3, 9, 20);
        List<Process> others = new ArrayList<>();
        try {
            int own = members();
            others.add(QuerySideProcess.start(environment, 0));
            others.add(QuerySideProcess.start(environment, 0));
            Awaitility.await("three processes consume")
                    .atMost(Duration.ofMinutes(5))
                    .until(() -> {
                        sales.go(20);
                        return members() >= own + 2;
                    });
            sales.go(600);
            // With all that is still to be read.
            others.getFirst().destroyForcibly();
            sales.go(300);
            others.getLast().destroy();
            sales.go(100);
            Awaitility.await("both have gone").atMost(Duration.ofMinutes(2)).until(() -> members() == own);
        } finally {
            others.forEach(Process::destroyForcibly);
        }
        requireEqual(sales);
    }

    private static int members() throws Exception {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                TestServices.shared().kafkaBootstrapServers()))) {
            return Objects.requireNonNull(admin.describeConsumerGroups(List.of(GROUP))
                            .all()
                            .get(20, TimeUnit.SECONDS)
                            .get(GROUP))
                    .members()
                    .size();
        }
    }
}
