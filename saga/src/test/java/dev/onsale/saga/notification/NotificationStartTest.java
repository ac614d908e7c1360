package dev.onsale.saga.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.onsale.api.BuyerId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.eventlog.EventJson;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Which facts are told after notifications are switched on for a log that has a history. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("services")
class NotificationStartTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final String kafka = TestServices.shared().kafkaBootstrapServers();
    private final TestDatabase database = TestDatabase.fresh();
    private final JdbcClient log =
            JdbcClient.create(new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password()));
    private final BuyerId buyer = BuyerId.of("buyer-" + UUID.randomUUID());

    /** One sale, so that the facts are consumed in the order in which they are published. */
    private final PerformanceId sale = PerformanceId.next();

    private final String group = "notification-" + UUID.randomUUID();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final HttpServer receiver =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    NotificationStartTest() throws IOException {
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (body.contains(buyer.value())) {
                told.add(body);
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
    }

    @BeforeEach
    void a_history() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.createTopics(List.of(new NewTopic(Topics.RESERVATION_EVENTS, 3, (short) 1)))
                    .all()
                    .get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(TopicExistsException.class);
        }
        start("onsale.notification.enabled", "false").close();
        happens(20, NOON);
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    @Test
    void by_default_nothing_of_the_past_is_told_and_everything_from_then_on() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            toldExactly(happens(5, NOON));
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void what_happens_while_the_node_is_down_is_told_also_if_it_went_down_before_the_first_record() throws Exception {
        start().close();
        List<String> whileDown = happens(5, NOON);
        try (ConfigurableApplicationContext context = start()) {
            List<String> all = new ArrayList<>(whileDown);
            all.addAll(happens(2, NOON));
            toldExactly(all);
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void from_the_beginning_everything_is_told() throws Exception {
        try (ConfigurableApplicationContext context = start("onsale.notification.start", "beginning")) {
            happens(1, NOON);
            Awaitility.await("all").atMost(LIMIT).until(() -> told.size() == 21);
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void from_an_instant_on_the_facts_of_that_time_are_told() throws Exception {
        List<String> later = happens(3, NOON.plusSeconds(1));
        try (ConfigurableApplicationContext context =
                start("onsale.notification.start", NOON.plusSeconds(1).toString())) {
            toldExactly(later);
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void what_was_decided_stays_decided_whatever_the_setting_says_later() throws Exception {
        start().close();
        try (ConfigurableApplicationContext context = start("onsale.notification.start", "beginning")) {
            toldExactly(happens(1, NOON));
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void a_group_that_an_older_version_notified_goes_on_where_it_stopped() throws Exception {
        log.sql("INSERT INTO notification_sent (event_id, channel, sent_at) VALUES ('told', 'webhook', NOW())")
                .update();
        try (ConfigurableApplicationContext context = start()) {
            Awaitility.await("nothing is skipped").atMost(LIMIT).until(() -> told.size() == 20);
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void what_happened_while_notifications_were_off_for_long_is_not_told_and_one_line_says_so(CapturedOutput output)
            throws Exception {
        start().close();
        offFor(Duration.ofDays(90));
        happens(5, Instant.now());
        try (ConfigurableApplicationContext context = start()) {
            toldExactly(happens(2, NOON));
            assertThat(context.isRunning()).isTrue();
        }
        assertThat(output.getOut().lines().filter(line -> line.contains("were off since")))
                .singleElement()
                .asString()
                .contains("went from position", "not notified of what happened up to position " + (head() - 2));
    }

    @Test
    void a_restart_after_notifications_were_off_for_long_skips_nothing_more() throws Exception {
        start().close();
        offFor(Duration.ofDays(90));
        happens(5, Instant.now());
        start().close();
        List<String> whileDown = happens(3, NOON);
        try (ConfigurableApplicationContext context = start()) {
            toldExactly(whileDown);
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void what_happened_during_a_shorter_pause_is_told() throws Exception {
        start().close();
        List<String> meanwhile = happens(5, Instant.now());
        offFor(Duration.ofHours(23));
        try (ConfigurableApplicationContext context = start()) {
            toldExactly(meanwhile);
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void how_long_a_pause_may_be_is_a_setting() throws Exception {
        start().close();
        List<String> meanwhile = happens(5, Instant.now());
        offFor(Duration.ofDays(90));
        try (ConfigurableApplicationContext context = start("onsale.notification.resume-within", "P100D")) {
            toldExactly(meanwhile);
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void after_a_crash_of_everything_and_a_long_pause_nothing_of_the_time_before_it_is_skipped() throws Exception {
        start().close();
        offFor(Duration.ofDays(90));
        List<String> notYetTold = happens(4, lastOn().minusSeconds(5));
        log.sql("UPDATE notification_start SET last_position = ?").param(head()).update();
        List<String> all = new ArrayList<>(notYetTold);
        all.addAll(happens(2, lastOn()));
        all.addAll(happens(2, lastOn().plusSeconds(30)));
        all.addAll(happens(1, lastOn().plusSeconds(60)));
        try (ConfigurableApplicationContext context = start()) {
            toldExactly(all);
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void soon_after_the_last_note_notifications_count_as_off() throws Exception {
        start().close();
        offFor(Duration.ofDays(90));
        happens(1, lastOn().plusSeconds(62));
        // A clock of another node may be behind.
        happens(1, lastOn().plusSeconds(59));
        try (ConfigurableApplicationContext context = start()) {
            toldExactly(happens(1, NOON));
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void after_notifications_were_off_for_long_the_setting_may_ask_for_all_of_it() throws Exception {
        start().close();
        List<String> meanwhile = happens(5, Instant.now());
        offFor(Duration.ofDays(90));
        try (ConfigurableApplicationContext context = start("onsale.notification.start", "beginning")) {
            toldExactly(meanwhile);
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void after_notifications_were_off_for_long_the_setting_may_ask_for_what_happened_since_an_instant()
            throws Exception {
        start().close();
        Instant now = Instant.now();
        happens(5, now);
        List<String> later = happens(3, now.plusSeconds(1));
        offFor(Duration.ofDays(90));
        try (ConfigurableApplicationContext context =
                start("onsale.notification.start", now.plusSeconds(1).toString())) {
            toldExactly(later);
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void a_node_that_is_on_notes_it_at_once_also_if_it_is_killed_later() throws Exception {
        start().close();
        offFor(Duration.ofHours(20));
        try (ConfigurableApplicationContext context = start()) {
            Awaitility.await("noted").atMost(LIMIT).until(() -> lastOn().isAfter(
                            Instant.now().minusSeconds(60)));
            assertThat(context.isRunning()).isTrue();
        }
    }

    private void offFor(Duration time) {
        log.sql("UPDATE notification_start SET last_on = ? WHERE group_id = ?")
                .params(Instant.now().minus(time).toString(), group)
                .update();
    }

    private Instant lastOn() {
        return Instant.parse(log.sql("SELECT last_on FROM notification_start WHERE group_id = ?")
                .param(group)
                .query(String.class)
                .single());
    }

    private long head() {
        return log.sql("SELECT MAX(global_index) FROM domain_event")
                .query(Long.class)
                .single();
    }

    @Test
    void another_word_is_refused_at_start() {
        assertThatThrownBy(() -> start("onsale.notification.start", "yesterday").close())
                .hasStackTraceContaining("now, beginning or an instant");
    }

    private void toldExactly(List<String> ids) {
        Awaitility.await("what is new").atMost(LIMIT).until(() -> told.size() >= ids.size());
        assertThat(told).hasSameSizeAs(ids);
        for (String id : ids) {
            assertThat(told).anyMatch(body -> body.contains(id));
        }
    }

    /** Facts that are stored and published. */
    private List<String> happens(int times, Instant at) throws Exception {
        List<String> ids = new ArrayList<>();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new StringSerializer(), new ByteArraySerializer())) {
            for (int time = 0; time < times; time++) {
                ReservationExpired fact = new ReservationExpired(ReservationId.next(), sale, buyer, List.of(), at);
                String id = UUID.randomUUID().toString();
                producer.send(record(fact, id, store(fact, id, at), at)).get(10, TimeUnit.SECONDS);
                ids.add(id);
            }
        }
        return ids;
    }

    private long store(ReservationExpired fact, String id, Instant at) {
        log.sql("INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                        + " payload_type, payload_revision, payload) VALUES (?, ?, 0, 'Reservation', ?, ?, '1', ?)")
                .params(
                        id,
                        fact.reservationId().toString(),
                        at.toString(),
                        EventCatalogue.typeOf(fact.getClass()).value(),
                        EventJson.mapper().writeValueAsBytes(fact))
                .update();
        return log.sql("SELECT global_index FROM domain_event WHERE event_identifier = ?")
                .param(id)
                .query(Long.class)
                .single();
    }

    private static ProducerRecord<String, byte[]> record(
            ReservationExpired fact, String id, long position, Instant at) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                Topics.RESERVATION_EVENTS, fact.saleKey(), EventJson.mapper().writeValueAsBytes(fact));
        Map.of(
                        Topics.HEADER_ID,
                        id,
                        Topics.HEADER_TYPE,
                        EventCatalogue.typeOf(fact.getClass()).value() + ".v1",
                        Topics.HEADER_POSITION,
                        Long.toString(position),
                        Topics.HEADER_TIME,
                        at.toString())
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private ConfigurableApplicationContext start(String... setting) {
        Map<String, Object> properties = new HashMap<>(Map.ofEntries(
                Map.entry("spring.datasource.url", database.jdbcUrl()),
                Map.entry("spring.datasource.username", database.user()),
                Map.entry("spring.datasource.password", database.password()),
                Map.entry("spring.flyway.locations", "classpath:db/migration/event-log,classpath:db/migration/saga"),
                Map.entry("spring.kafka.bootstrap-servers", kafka),
                Map.entry("axon.axonserver.enabled", "false"),
                Map.entry("axon.update-check.disabled", "true"),
                Map.entry("onsale.personal-data.master-key", Base64.getEncoder().encodeToString(new byte[32])),
                Map.entry("onsale.notification.enabled", "true"),
                Map.entry("onsale.notification.group-id", group),
                Map.entry(
                        "onsale.notification.webhook-url",
                        "http://127.0.0.1:" + receiver.getAddress().getPort() + "/")));
        if (setting.length == 2) {
            properties.put(setting[0], setting[1]);
        }
        return new SpringApplicationBuilder(NotificationTest.Application.class)
                .web(WebApplicationType.NONE)
                .properties(properties)
                .run();
    }
}
