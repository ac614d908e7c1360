package dev.onsale.waitingroom.intake;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.testsupport.TestServices;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.RunningRoom;
import dev.onsale.waitingroom.challenge.Challenge;
import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.intake.KafkaConfiguration.WaitingRoomProducers;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorAnswer;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.RoomStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.DefaultTypedTuple;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import reactor.core.publisher.Flux;

/** Joins that come through the topic, on a real broker. */
@Tag("services")
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

    @Autowired
    private Challenges challenges;

    @Autowired
    private MeterRegistry metrics;

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
        // Long enough to send all of them on a slow machine.
        redisIsSilentFor(Duration.ofSeconds(12));
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
        String ticket = sendText(new QueuedJoin(BuyerId.of("eve"), 1, new JoinOrigin("broken", null)).text());
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
        JoinOrigin home = new JoinOrigin("home", null);
        join(RoomFixture.ALICE, home);
        VisitorAnswer queued = join(RoomFixture.BOB, home);

        await("the refusal")
                .atMost(BOUND)
                .untilAsserted(() -> assertRefused(RefusalCode.RATE_LIMITED, () -> poll(RoomFixture.BOB, queued)));
        assertThat(status().refused()).containsEntry("ADDRESS_LIMIT", 1L);

        VisitorAnswer again = join(RoomFixture.BOB, new JoinOrigin("work", null));
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
        join(RoomFixture.ALICE, JoinOrigin.UNKNOWN);
        awaitWaiting(1);
        visitors.leave(sale, RoomFixture.ALICE).block(BOUND);

        VisitorAnswer again = join(RoomFixture.ALICE, JoinOrigin.UNKNOWN);

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

    @Test
    void a_closed_room_takes_no_join_into_the_topic() throws Exception {
        open(room(10, null, Instant.now().plusMillis(200), 0));
        await("the end").atMost(BOUND).until(() -> status().phase() == RoomStatus.Phase.CLOSED);
        long before = topicSize();

        assertRefused(RefusalCode.SALE_CLOSED, () -> queue(RoomFixture.ALICE, JoinOrigin.UNKNOWN));

        assertThat(topicSize()).isEqualTo(before);
        assertThat(status().refused()).containsEntry("CLOSED", 1L);
    }

    @Test
    void a_room_that_is_not_open_yet_takes_no_join_into_the_topic() throws Exception {
        open(room(10, Instant.now().plusSeconds(3_600), null, 0));
        long before = topicSize();

        assertRefused(RefusalCode.SALE_NOT_OPEN, () -> queue(RoomFixture.ALICE, JoinOrigin.UNKNOWN));

        assertThat(topicSize()).isEqualTo(before);
        assertThat(status().refused()).containsEntry("TOO_EARLY", 1L);
    }

    @Test
    void a_draining_room_takes_no_join_into_the_topic_and_who_has_a_place_hears_of_it() throws Exception {
        openPaused();
        join(RoomFixture.ALICE, JoinOrigin.UNKNOWN);
        awaitWaiting(1);
        RoomFixture.await(rooms.setControl(sale, RoomStatus.Control.DRAINING));
        long before = topicSize();

        assertRefused(RefusalCode.SALE_CLOSED, () -> queue(RoomFixture.BOB, JoinOrigin.UNKNOWN));
        await("the room drains")
                .atMost(BOUND)
                .until(() -> queue(RoomFixture.ALICE, JoinOrigin.UNKNOWN).state() != VisitorAnswer.State.QUEUED);

        assertThat(topicSize()).isEqualTo(before);
        assertThat(status().refused()).containsEntry("DRAINING", 1L);
    }

    @Test
    void a_full_room_takes_no_join_into_the_topic() throws Exception {
        openPaused();
        fill();
        long before = topicSize();

        assertRefused(RefusalCode.WAITING_ROOM_FULL, () -> queue(RoomFixture.BOB, JoinOrigin.UNKNOWN));

        assertThat(topicSize()).isEqualTo(before);
        assertThat(status().refused()).containsEntry("FULL", 1L);
    }

    @Test
    void a_record_for_a_full_or_closed_room_is_refused_and_counted_and_its_visitor_is_told() throws Exception {
        openPaused();
        fill();
        double refused = metrics.get("onsale.waiting.room.intake")
                .tag("outcome", "refused")
                .counter()
                .count();
        String ticket = sendText(new QueuedJoin(RoomFixture.BOB, 1, JoinOrigin.UNKNOWN).text());

        await("the refusal")
                .atMost(BOUND)
                .untilAsserted(() -> assertRefused(
                        RefusalCode.WAITING_ROOM_FULL,
                        () -> RoomFixture.await(intake.poll(sale, RoomFixture.BOB, ticket))));
        assertThat(metrics.get("onsale.waiting.room.intake")
                        .tag("outcome", "refused")
                        .counter()
                        .count())
                .isEqualTo(refused + 1);
    }

    @Test
    void a_room_that_asks_for_a_proof_of_work_takes_none_without_and_no_proof_that_nobody_has_done() throws Exception {
        open(room(10, null, null, 200));
        pause();
        long before = topicSize();
        assertRefused(RefusalCode.PROOF_OF_WORK_REQUIRED, () -> queue(RoomFixture.ALICE, JoinOrigin.UNKNOWN));
        assertThat(topicSize()).isEqualTo(before);

        String forged = sendText(new QueuedJoin(RoomFixture.BOB, now(), new JoinOrigin(null, null, "c29sdmVk")).text());
        String without = sendText(new QueuedJoin(RoomFixture.CAROL, now(), JoinOrigin.UNKNOWN).text());
        String proof = proof();
        String solved = sendText(new QueuedJoin(RoomFixture.ALICE, now(), new JoinOrigin(null, null, proof)).text());
        String copied = sendText(new QueuedJoin(BuyerId.of("dave"), now(), new JoinOrigin(null, null, proof)).text());

        await("the place")
                .atMost(BOUND)
                .until(() -> RoomFixture.await(intake.poll(sale, RoomFixture.ALICE, solved))
                                .state()
                        == VisitorAnswer.State.WAITING);
        Map.of(RoomFixture.BOB, forged, RoomFixture.CAROL, without, BuyerId.of("dave"), copied)
                .forEach((buyer, ticket) -> await("the refusal of " + buyer)
                        .atMost(BOUND)
                        .untilAsserted(() -> assertRefused(
                                RefusalCode.PROOF_OF_WORK_REQUIRED,
                                () -> RoomFixture.await(intake.poll(sale, buyer, ticket)))));
        assertThat(queue()).containsExactly(RoomFixture.ALICE.value());
    }

    @Test
    void a_proof_of_work_that_was_shown_before_the_topic_is_good_behind_it() {
        open(room(10, null, null, 200));
        pause();
        String proof = proof();
        JoinOrigin solver = new JoinOrigin(null, challenges.verify(sale.value(), proof), proof);

        VisitorAnswer queued = join(RoomFixture.ALICE, solver);

        await("the place")
                .atMost(BOUND)
                .until(() -> poll(RoomFixture.ALICE, queued).state() == VisitorAnswer.State.WAITING);
        assertRefused(RefusalCode.PROOF_OF_WORK_REQUIRED, () -> queue(RoomFixture.BOB, solver));
    }

    @Test
    void one_account_has_one_join_in_the_topic_however_often_and_at_once_it_asks() throws Exception {
        openPaused();
        waitingRoomIntake.stop();
        long before = topicSize();

        Set<String> tickets = new HashSet<>(Flux.range(0, 200)
                .flatMap(
                        number -> intake.join(sale, RoomFixture.ALICE, JoinOrigin.UNKNOWN)
                                .mapNotNull(VisitorAnswer::ticket),
                        20)
                .collectList()
                .blockOptional(BOUND)
                .orElseThrow());

        assertThat(tickets).hasSize(1);
        assertThat(topicSize()).isEqualTo(before + 1);
        waitingRoomIntake.start();
        awaitWaiting(1);
    }

    @Test
    void a_client_that_hangs_up_at_once_keeps_its_account_from_nothing() throws Exception {
        openPaused();
        for (String name : names(0, 50)) {
            intake.join(sale, BuyerId.of(name), JoinOrigin.UNKNOWN).subscribe().dispose();
        }
        for (String name : names(0, 50)) {
            assertThat(intake.join(sale, BuyerId.of(name), JoinOrigin.UNKNOWN).blockOptional(BOUND))
                    .as(name)
                    .isPresent();
        }
        awaitWaiting(50);
    }

    @Test
    void while_redis_is_silent_the_settings_decide_who_gets_into_the_topic() throws Exception {
        open(room(10, null, null, 200));
        pause();
        String proof = proof();
        JoinOrigin solver = new JoinOrigin(null, challenges.verify(sale.value(), proof), proof);
        redisIsSilentFor(Duration.ofSeconds(6));

        assertRefused(RefusalCode.TEMPORARILY_UNAVAILABLE, () -> queue(RoomFixture.BOB, JoinOrigin.UNKNOWN));
        join(RoomFixture.ALICE, solver);

        awaitWaiting(1);
        assertThat(queue()).containsExactly(RoomFixture.ALICE.value());
    }

    private static long now() {
        return Instant.now().toEpochMilli();
    }

    private void open(RoomSettings settings) {
        RoomFixture.await(rooms.open(sale, settings));
    }

    private static RoomSettings room(
            int activeLimit, @Nullable Instant preQueueOpensAt, @Nullable Instant closesAt, int proofOfWork) {
        return new RoomSettings(
                activeLimit,
                10,
                null,
                null,
                preQueueOpensAt,
                null,
                closesAt,
                null,
                null,
                proofOfWork,
                RoomSettings.Intake.KAFKA,
                null);
    }

    /** Up to the limit of the node, without a join for each. */
    private void fill() {
        raw.opsForZSet()
                .add(
                        keys.queue(),
                        IntStream.rangeClosed(1, WAITING_MAX)
                                .mapToObj(number -> new DefaultTypedTuple<>("filler-" + number, (double) number))
                                .collect(Collectors.toSet()));
    }

    private String proof() {
        Challenge challenge = challenges.create(sale.value(), 200);
        for (int number = 0; ; number++) {
            String answer = RoomFixture.JSON.writeValueAsString(Map.of(
                    "algorithm",
                    challenge.algorithm(),
                    "challenge",
                    challenge.challenge(),
                    "number",
                    number,
                    "salt",
                    challenge.salt(),
                    "signature",
                    challenge.signature()));
            String payload = Base64.getEncoder().encodeToString(answer.getBytes(StandardCharsets.UTF_8));
            try {
                challenges.verify(sale.value(), payload);
                return payload;
            } catch (RefusedException wrong) {
                // The next number.
            }
        }
    }

    private long topicSize() throws Exception {
        try (Admin admin = admin()) {
            long size = 0;
            for (TopicPartition partition : partitions(admin, Intake.TOPIC)) {
                size += admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                        .partitionResult(partition)
                        .get(30, TimeUnit.SECONDS)
                        .offset();
            }
            return size;
        }
    }

    private VisitorAnswer queue(BuyerId buyer, JoinOrigin caller) {
        return RoomFixture.await(intake.join(sale, buyer, caller));
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

    private VisitorAnswer join(BuyerId buyer, JoinOrigin caller) {
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
                    .send(Intake.TOPIC, sale.value(), new QueuedJoin(BuyerId.of(buyer), 1, JoinOrigin.UNKNOWN).text()));
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
