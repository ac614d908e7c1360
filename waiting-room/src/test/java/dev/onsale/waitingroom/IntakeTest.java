package dev.onsale.waitingroom;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.testsupport.TestServices;
import dev.onsale.waitingroom.KafkaConfiguration.WaitingRoomProducers;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import dev.onsale.waitingroom.redis.RedisScripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** Joins that come through the topic, on a real broker. */
class IntakeTest extends RunningRoom {

    private static final String CONSUMERS = GROUP + "-" + Intake.TOPIC;

    @Autowired
    private Intake intake;

    @Autowired
    private WaitingRoomProducers producers;

    @Autowired
    private ConcurrentMessageListenerContainer<String, String> waitingRoomIntake;

    @Autowired
    private RedisScripts scripts;

    @Test
    void places_are_given_in_the_order_of_the_topic_and_a_topic_that_is_read_again_changes_none() throws Exception {
        openPaused();
        send(names(0, 5_000));
        awaitWaiting(5_000);
        assertThat(queue()).isEqualTo(names(0, 5_000));
        String lastNumber = raw.opsForValue().get(keys.sequence());

        try (Admin admin = admin()) {
            readAgain(admin);
            send(names(5_000, 5_001));

            awaitWaiting(5_001);
            await("all is read again").atMost(BOUND).until(() -> lag(admin, CONSUMERS, Intake.TOPIC) == 0);
        }
        assertThat(queue()).isEqualTo(names(0, 5_001));
        assertThat(raw.opsForValue().get(keys.sequence()))
                .isEqualTo(Long.toString(Long.parseLong(String.valueOf(lastNumber)) + 1));
        assertThat(buyers(journal(), Kind.JOINED)).isEqualTo(names(0, 5_001));
    }

    @Test
    void while_redis_is_silent_the_crowd_waits_in_kafka_and_not_in_memory_and_then_everybody_is_taken_in_order()
            throws Exception {
        openPaused();
        redisIsSilentFor(Duration.ofSeconds(4));
        send(names(0, 20_000));

        int mostInFlight = 0;
        long backlog;
        try (Admin admin = admin()) {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_500);
            while (System.nanoTime() < until) {
                mostInFlight = Math.max(mostInFlight, scripts.inFlight());
            }
            backlog = lag(admin, CONSUMERS, Intake.TOPIC);
        }

        assertThat(backlog).isGreaterThanOrEqualTo(20_000 - KafkaConfiguration.RECORDS_PER_BATCH_MAX);
        assertThat(mostInFlight).as("commands on their way").isBetween(1, 200);
        awaitWaiting(20_000);
        assertThat(queue()).isEqualTo(names(0, 20_000));
    }

    @Test
    void a_join_that_cannot_be_read_is_put_aside_and_those_behind_it_get_their_places() throws Exception {
        openPaused();
        send(names(0, 10));
        sendText("rubbish");
        sendText(null);
        sendText("a b c d e f");
        send(names(10, 20));

        awaitWaiting(20);

        assertThat(queue()).isEqualTo(names(0, 20));
        await("the dead letters").atMost(BOUND).untilAsserted(() -> assertThat(deadLetters())
                .extracting(ConsumerRecord::value)
                .containsOnlyOnce("rubbish", "a b c d e f")
                .contains((String) null));
    }

    @Test
    void a_join_that_fails_for_no_known_reason_is_tried_again_then_put_aside_and_its_visitor_is_told()
            throws Exception {
        openPaused(5);
        // As if somebody had laid hands on Redis: the count of this address is no number.
        raw.opsForHash().put(keys.address("broken"), "no", "number");
        send(names(0, 3));
        String ticket = sendText(new QueuedJoin(BuyerId.of("eve"), 1, new Caller("broken", null)).text());
        send(names(3, 6));

        awaitWaiting(6);

        assertThat(queue()).isEqualTo(names(0, 6));
        await("the dead letter").atMost(BOUND).untilAsserted(() -> assertThat(deadLetters())
                .extracting(ConsumerRecord::value)
                .containsOnlyOnce("eve 1 broken -"));
        await("the word to the visitor")
                .atMost(BOUND)
                .untilAsserted(() -> assertRefused(
                        RefusalCode.TEMPORARILY_UNAVAILABLE,
                        () -> RoomFixture.await(intake.poll(sale, BuyerId.of("eve"), ticket))));
        raw.delete(keys.address("broken"));
    }

    @Test
    void who_is_refused_learns_why_with_the_next_question_and_may_come_again() {
        openPaused(1);
        Caller home = new Caller("home", null);
        join(RoomFixture.ALICE, home);
        VisitorAnswer queued = join(RoomFixture.BOB, home);

        await("the refusal")
                .atMost(BOUND)
                .untilAsserted(() -> assertRefused(RefusalCode.RATE_LIMITED, () -> poll(RoomFixture.BOB, queued)));
        assertThat(status().refused()).containsEntry("ADDRESS_LIMIT", 1L);

        VisitorAnswer again = join(RoomFixture.BOB, new Caller("work", null));
        await("the place").atMost(BOUND).until(() -> {
            VisitorAnswer place = poll(RoomFixture.BOB, again);
            assertThat(place.state()).isIn(VisitorAnswer.State.QUEUED, VisitorAnswer.State.WAITING);
            return place.state() == VisitorAnswer.State.WAITING;
        });
        assertThat(poll(RoomFixture.BOB, again).position()).isEqualTo(2);
    }

    @Test
    void who_left_and_comes_back_is_queued_and_not_told_of_the_place_before() {
        openPaused();
        join(RoomFixture.ALICE, Caller.UNKNOWN);
        awaitWaiting(1);
        visitors.leave(sale, RoomFixture.ALICE).block(BOUND);

        VisitorAnswer again = join(RoomFixture.ALICE, Caller.UNKNOWN);

        await("the place").atMost(BOUND).until(() -> {
            VisitorAnswer.State state = poll(RoomFixture.ALICE, again).state();
            assertThat(state).isIn(VisitorAnswer.State.QUEUED, VisitorAnswer.State.WAITING);
            return state == VisitorAnswer.State.WAITING;
        });
    }

    @Test
    void whoever_came_through_the_topic_is_admitted_at_the_rate_of_the_room() throws Exception {
        RoomFixture.await(rooms.open(sale, settings(10_000, 40, RoomSettings.Intake.KAFKA)));
        send(names(0, 160));

        await("all are admitted").atMost(BOUND).until(() -> status().admittedTotal() == 160);

        List<JournalEntry> entries = journal();
        assertThat(buyers(entries, Kind.ADMITTED)).isEqualTo(names(0, 160));
        assertThat(entries.stream()
                        .filter(entry -> entry.kind() == Kind.ADMITTED)
                        .collect(Collectors.groupingBy(entry -> entry.at() / 1_000, Collectors.counting()))
                        .values())
                .allMatch(count -> count <= 40);
    }

    private void openPaused() {
        openPaused(0);
    }

    private void openPaused(int joinsPerAddress) {
        RoomFixture.await(rooms.open(
                sale,
                new RoomSettings(
                        10,
                        10,
                        null,
                        null,
                        null,
                        null,
                        null,
                        joinsPerAddress,
                        null,
                        null,
                        RoomSettings.Intake.KAFKA,
                        null)));
        pause();
    }

    private VisitorAnswer join(BuyerId buyer, Caller caller) {
        VisitorAnswer queued = RoomFixture.await(intake.join(sale, buyer, caller));
        assertThat(queued.state()).isEqualTo(VisitorAnswer.State.QUEUED);
        return queued;
    }

    private VisitorAnswer poll(BuyerId buyer, VisitorAnswer queued) {
        return RoomFixture.await(intake.poll(sale, buyer, String.valueOf(queued.ticket())));
    }

    private void awaitWaiting(int visitors) {
        await(visitors + " places")
                .atMost(BOUND)
                .ignoreExceptionsInstanceOf(RefusedException.class)
                .until(() -> waiting() == visitors);
    }

    private void send(List<String> buyers) throws Exception {
        List<java.util.concurrent.CompletableFuture<?>> sent = new ArrayList<>();
        for (String buyer : buyers) {
            sent.add(producers
                    .template()
                    .send(Intake.TOPIC, sale.value(), new QueuedJoin(BuyerId.of(buyer), 1, Caller.UNKNOWN).text()));
        }
        for (var one : sent) {
            one.get(30, TimeUnit.SECONDS);
        }
    }

    private String sendText(@Nullable String text) throws Exception {
        var place = producers
                .template()
                .send(Intake.TOPIC, sale.value(), text)
                .get(30, TimeUnit.SECONDS)
                .getRecordMetadata();
        return place.partition() + "-" + place.offset();
    }

    /** As after a crash before the offsets were committed, only more so. */
    private void readAgain(Admin admin) throws Exception {
        waitingRoomIntake.stop();
        await("the consumers are gone")
                .atMost(BOUND)
                .ignoreExceptions()
                .untilAsserted(() -> admin.alterConsumerGroupOffsets(
                                CONSUMERS,
                                partitions(admin, Intake.TOPIC).stream()
                                        .collect(Collectors.toMap(
                                                Function.identity(), partition -> new OffsetAndMetadata(0))))
                        .all()
                        .get(30, TimeUnit.SECONDS));
        waitingRoomIntake.start();
    }

    private List<ConsumerRecord<String, String>> deadLetters() throws Exception {
        List<ConsumerRecord<String, String>> letters = new ArrayList<>();
        try (Admin admin = admin();
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", TestServices.shared().kafkaBootstrapServers()),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            var partitions = partitions(admin, KafkaConfiguration.DEAD_LETTERS);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(letter -> {
                    if (sale.value().equals(letter.key())) {
                        letters.add(letter);
                    }
                });
            }
        }
        return letters;
    }
}
