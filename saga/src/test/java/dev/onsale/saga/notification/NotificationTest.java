package dev.onsale.saga.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.onsale.api.BuyerId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.Topics;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.personal.ContactDetails;
import dev.onsale.api.personal.ErasedBy;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.personal.PersonalData;
import dev.onsale.eventlog.personal.PersonalDataConfiguration;
import dev.onsale.eventlog.personal.PersonalKeys;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Real Kafka, a real mail server, a real receiver. */
@Tag("services")
class NotificationTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String AFTER_THE_LOG = "1000000";
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final String kafka = TestServices.shared().kafkaBootstrapServers();
    private final TestDatabase database = TestDatabase.fresh();
    private final GreenMail mail = new GreenMail(ServerSetup.SMTP.dynamicPort());
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusing = new AtomicInteger();
    private final String buyer = "buyer-" + UUID.randomUUID() + "@example.org";
    private HttpServer receiver;
    private ConfigurableApplicationContext context;

    NotificationTest() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean refuses = body.contains(buyer) && refusing.getAndDecrement() > 0;
            if (!refuses && body.contains(buyer)) {
                received.add(body);
            }
            exchange.sendResponseHeaders(refuses ? 500 : 204, -1);
            exchange.close();
        });
        receiver.start();
        mail.start();
        makeTopic();
        context = start();
    }

    /** No configuration to be scanned: the saga side scans its packages, in its own tests too. */
    @EnableAutoConfiguration(excludeName = {"org.axonframework.springboot.autoconfig.AxonAutoConfiguration"})
    @Import({NotificationConfiguration.class, PersonalDataConfiguration.class})
    static class Application {
        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    private ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(Map.ofEntries(
                        Map.entry("spring.datasource.url", database.jdbcUrl()),
                        Map.entry("spring.datasource.username", database.user()),
                        Map.entry("spring.datasource.password", database.password()),
                        Map.entry(
                                "spring.flyway.locations",
                                "classpath:db/migration/event-log,classpath:db/migration/saga"),
                        Map.entry("spring.kafka.bootstrap-servers", kafka),
                        Map.entry("spring.mail.host", "127.0.0.1"),
                        Map.entry("spring.mail.port", mail.getSmtp().getPort()),
                        Map.entry("axon.axonserver.enabled", "false"),
                        Map.entry("axon.update-check.disabled", "true"),
                        Map.entry("onsale.personal-data.master-key", MASTER_KEY),
                        Map.entry("onsale.personal-data.keys-cached-for", "PT0S"),
                        Map.entry("onsale.notification.enabled", "true"),
                        Map.entry("onsale.notification.group-id", "notification-" + UUID.randomUUID()),
                        Map.entry(
                                "onsale.notification.webhook-url",
                                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/")))
                .run();
    }

    private void makeTopic() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.createTopics(List.of(new NewTopic(Topics.RESERVATION_EVENTS, 3, (short) 1)))
                    .all()
                    .get(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(TopicExistsException.class);
        }
    }

    @BeforeEach
    void nothing_has_gone_out() {
        assertThat(received).isEmpty();
    }

    @AfterEach
    void stop() {
        context.close();
        mail.stop();
        receiver.stop(0);
    }

    private String publish() throws Exception {
        return publish(Topics.RESERVATION_EVENTS, ReservationId.next());
    }

    private String publish(ReservationId reservation) throws Exception {
        return publish(Topics.RESERVATION_EVENTS, reservation);
    }

    private String publish(String topic, ReservationId reservation) throws Exception {
        String id = UUID.randomUUID().toString();
        OnsaleEvent fact = new ReservationConfirmed(
                reservation,
                PerformanceId.next(),
                BuyerId.of(buyer),
                PaymentId.next(),
                List.of(new HeldSeat(SeatLabel.of("A-7"), "Stalls", Money.of(4_900, "EUR"), 1)),
                Money.of(4_900, "EUR"),
                NOON);
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, fact.saleKey(), EventJson.mapper().writeValueAsBytes(fact));
        record.headers().add(Topics.HEADER_ID, id.getBytes(StandardCharsets.UTF_8));
        record.headers().add(Topics.HEADER_POSITION, AFTER_THE_LOG.getBytes(StandardCharsets.UTF_8));
        record.headers()
                .add(
                        Topics.HEADER_TYPE,
                        (EventCatalogue.typeOf(fact.getClass()).value() + ".v1").getBytes(StandardCharsets.UTF_8));
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new StringSerializer(), new ByteArraySerializer())) {
            producer.send(record).get(10, TimeUnit.SECONDS);
        }
        return id;
    }

    /** The log's fact that the buyer paid and where letters shall go. */
    private void paid(ReservationId reservation, int sequence, @Nullable ContactDetails contact) {
        PersonalData personal = context.getBean(PersonalData.class);
        PaymentRequested fact = new PaymentRequested(
                reservation,
                PerformanceId.next(),
                BuyerId.of(buyer),
                PaymentId.next(),
                Money.of(4_900, "EUR"),
                PaymentMethod.Card.withheld(),
                NOON,
                NOON,
                personal.sealCardToken(BuyerId.of(buyer), reservation, "tok"),
                contact == null ? null : personal.sealContact(BuyerId.of(buyer), reservation, contact));
        context.getBean(JdbcClient.class)
                .sql(
                        "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                                + " payload_type, payload_revision, payload) VALUES (?, ?, ?, 'Reservation', ?, ?, '1', ?)")
                .params(
                        UUID.randomUUID().toString(),
                        reservation.toString(),
                        sequence,
                        NOON.toString(),
                        "onsale.payment-requested",
                        EventJson.mapper().writeValueAsBytes(fact))
                .update();
    }

    private List<MimeMessage> mails() throws Exception {
        return mailsTo(buyer);
    }

    private List<MimeMessage> mailsTo(String address) throws Exception {
        return java.util.Arrays.stream(mail.getReceivedMessages())
                .filter(message -> {
                    try {
                        return ((InternetAddress) message.getRecipients(RecipientType.TO)[0])
                                .getAddress()
                                .equals(address);
                    } catch (jakarta.mail.MessagingException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    @Test
    void a_booking_is_told_by_mail_and_webhook_once_even_if_one_of_them_needs_several_tries() throws Exception {
        refusing.set(3);
        String id = publish();

        Awaitility.await("the webhook").atMost(LIMIT).until(() -> received.size() == 1);
        assertThat(received.getFirst()).contains(id, "Your seats are booked");
        assertThat(mails()).as("the mail is not sent again with the webhook").hasSize(1);
        assertThat(mails().getFirst().getSubject()).isEqualTo("Your seats are booked");
        assertThat(mails().getFirst().getContent().toString()).contains("A-7");
    }

    @Test
    void a_mail_goes_to_the_address_that_the_buyer_gave_last_and_to_none_once_it_is_erased() throws Exception {
        ReservationId reservation = ReservationId.next();
        String alice = "alice-" + UUID.randomUUID() + "@example.net";
        paid(reservation, 1, new ContactDetails("Älice", "old@example.net"));
        paid(reservation, 2, new ContactDetails("Älice", alice));
        paid(reservation, 3, null);
        publish(reservation);
        Awaitility.await("the webhook").atMost(LIMIT).until(() -> received.size() == 1);
        assertThat(mailsTo(alice)).singleElement().satisfies(message -> assertThat(
                        ((InternetAddress) message.getRecipients(RecipientType.TO)[0]).getPersonal())
                .isEqualTo("Älice"));
        assertThat(received.getFirst()).doesNotContain(alice, "Älice");

        context.getBean(PersonalKeys.class).erase(BuyerId.of(buyer), ErasedBy.BUYER, null);
        publish(reservation);
        Awaitility.await("the webhook, again").atMost(LIMIT).until(() -> received.size() == 2);
        assertThat(mailsTo(alice)).as("no second letter").hasSize(1);
        assertThat(mails()).as("the buyer's name is no way around it").isEmpty();
    }

    @Test
    void what_cannot_be_told_becomes_a_dead_letter_and_holds_up_nothing_behind_it() throws Exception {
        refusing.set(6);
        String dead = publish();
        Awaitility.await("the dead letter").atMost(LIMIT).until(() -> deadLetters()
                .contains(dead));
        String alive = publish();

        Awaitility.await("the one behind it").atMost(LIMIT).until(() -> received.size() == 1);
        assertThat(received.getFirst()).contains(alive);
    }

    @Test
    void what_an_operator_gives_back_is_told_like_the_first_time() throws Exception {
        String id = publish(Topics.NOTIFICATION_RETRIES, ReservationId.next());

        Awaitility.await("the webhook").atMost(LIMIT).until(() -> received.size() == 1);
        assertThat(received.getFirst()).contains(id);
    }

    private List<String> deadLetters() {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka), new StringDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition only = new TopicPartition(Topics.NOTIFICATION_DEAD_LETTERS, 0);
            consumer.assign(List.of(only));
            consumer.seekToBeginning(List.of(only));
            List<String> ids = new java.util.ArrayList<>();
            consumer.poll(Duration.ofSeconds(2))
                    .forEach(record -> ids.add(new String(
                            record.headers().lastHeader(Topics.HEADER_ID).value(), StandardCharsets.UTF_8)));
            return ids;
        }
    }
}
