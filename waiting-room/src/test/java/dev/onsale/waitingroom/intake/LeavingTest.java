package dev.onsale.waitingroom.intake;

import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOB;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.CAROL;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.testsupport.TestServices;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.RunningRoom;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorAnswer;
import dev.onsale.waitingroom.queue.VisitorAnswer.State;
import dev.onsale.waitingroom.room.RoomSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

/** Whoever is done gives the place to the next: told by the facts of the sale, on a real broker. */
@Tag("services")
class LeavingTest extends RunningRoom {

    private static final String CONSUMERS = GROUP + "-" + Topics.RESERVATION_EVENTS;

    @Autowired
    private JsonMapper json;

    private final PerformanceId performance = PerformanceId.of(sale.value());
    private final Admin admin = admin();
    private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", TestServices.shared().kafkaBootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer());

    @BeforeEach
    void topic() throws Exception {
        if (!admin.listTopics().names().get(30, TimeUnit.SECONDS).contains(Topics.RESERVATION_EVENTS)) {
            try {
                admin.createTopics(List.of(new NewTopic(Topics.RESERVATION_EVENTS, 3, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(TopicExistsException.class);
            }
        }
    }

    @AfterEach
    void disconnect() {
        producer.close(Duration.ofSeconds(10));
        admin.close(Duration.ofSeconds(10));
    }

    @Test
    void who_has_booked_cancelled_or_let_the_hold_end_gives_the_place_to_the_next() throws Exception {
        openWithAllInside(List.of(ALICE, BOB, CAROL));
        List.of(buyer(1), buyer(2), buyer(3)).forEach(this::join);

        tell(confirmed(ALICE, Instant.now()));
        tell(cancelled(BOB, Instant.now()));
        tell(expired(CAROL, Instant.now()));

        await("the next three").atMost(BOUND).until(() -> status().admittedTotal() == 6);
        for (BuyerId done : List.of(ALICE, BOB, CAROL)) {
            assertThat(poll(done).state()).isEqualTo(State.LEFT);
            assertThat(poll(done).reason()).isEqualTo("COMPLETED");
        }
        assertThat(status().active()).isEqualTo(3);
    }

    @Test
    void a_fact_that_is_older_than_the_admission_or_cannot_be_read_frees_nothing_and_holds_nobody_up()
            throws Exception {
        openWithAllInside(List.of(ALICE, BOB));
        join(CAROL);

        tell(confirmed(ALICE, Instant.EPOCH));
        tell("onsale.reservation-confirmed.v1", "rubbish".getBytes(StandardCharsets.UTF_8));
        tell("onsale.reservation-confirmed.v1", "{}".getBytes(StandardCharsets.UTF_8));
        tell("onsale.reservation-confirmed.v1", null);
        tell("onsale.seats-held.v1", json.writeValueAsBytes(confirmed(ALICE, Instant.now())));
        tell(confirmed(BOB, Instant.now()));

        await("the place of the one").atMost(BOUND).until(() -> poll(CAROL).state() == State.ADMITTED);
        assertThat(poll(ALICE).state()).isEqualTo(State.ADMITTED);
        assertThat(poll(BOB).state()).isEqualTo(State.LEFT);
    }

    @Test
    void a_fact_that_is_told_again_does_not_end_the_place_that_its_buyer_got_after_it() throws Exception {
        openWithAllInside(List.of(ALICE, BOB));
        byte[] fact = json.writeValueAsBytes(confirmed(ALICE, Instant.now()));
        tell("onsale.reservation-confirmed.v1", fact);
        await("the end of the place").atMost(BOUND).until(() -> poll(ALICE).state() == State.LEFT);
        join(ALICE);
        await("the next place").atMost(BOUND).until(() -> poll(ALICE).state() == State.ADMITTED);

        tell("onsale.reservation-confirmed.v1", fact);
        tell(confirmed(BOB, Instant.now()));

        await("the fact behind it").atMost(BOUND).until(() -> poll(BOB).state() == State.LEFT);
        assertThat(poll(ALICE).state()).isEqualTo(State.ADMITTED);
    }

    @Test
    void a_fact_that_comes_while_redis_is_silent_frees_the_place_afterwards() throws Exception {
        openWithAllInside(List.of(ALICE));
        join(BOB);

        redisIsSilentFor(Duration.ofSeconds(2));
        tell(confirmed(ALICE, Instant.now()));

        await("the next one")
                .atMost(BOUND)
                .ignoreExceptionsInstanceOf(dev.onsale.api.RefusedException.class)
                .until(() -> poll(BOB).state() == State.ADMITTED);
        await("all is done with").atMost(BOUND).until(() -> lag(admin, CONSUMERS, Topics.RESERVATION_EVENTS) == 0);
    }

    private void openWithAllInside(List<BuyerId> buyers) {
        RoomFixture.await(rooms.open(sale, settings(buyers.size(), 100, RoomSettings.Intake.DIRECT)));
        buyers.forEach(this::join);
        await("all are inside").atMost(BOUND).until(() -> status().active() == buyers.size());
    }

    private void join(BuyerId buyer) {
        RoomFixture.await(visitors.join(sale, buyer, JoinOrigin.UNKNOWN));
    }

    private VisitorAnswer poll(BuyerId buyer) {
        return RoomFixture.await(visitors.poll(sale, buyer));
    }

    private ReservationConfirmed confirmed(BuyerId buyer, Instant at) {
        return new ReservationConfirmed(
                ReservationId.next(),
                performance,
                buyer,
                PaymentId.next(),
                List.of(),
                new Money(100, Currency.getInstance("EUR")),
                at);
    }

    private ReservationCancelled cancelled(BuyerId buyer, Instant at) {
        return new ReservationCancelled(ReservationId.next(), performance, buyer, List.of(), null, at);
    }

    private ReservationExpired expired(BuyerId buyer, Instant at) {
        return new ReservationExpired(ReservationId.next(), performance, buyer, List.of(), at);
    }

    private void tell(ReservationEvent fact) throws Exception {
        var type = fact.getClass().getAnnotation(dev.onsale.api.LogicalType.class);
        assertThat(type).isNotNull();
        tell(type.value() + ".v" + type.version(), json.writeValueAsBytes(fact));
    }

    private void tell(String type, byte @Nullable [] fact) throws Exception {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.RESERVATION_EVENTS, sale.value(), fact);
        record.headers().add(Topics.HEADER_TYPE, type.getBytes(StandardCharsets.UTF_8));
        producer.send(record).get(30, TimeUnit.SECONDS);
    }
}
