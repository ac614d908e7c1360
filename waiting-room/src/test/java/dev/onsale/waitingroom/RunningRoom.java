package dev.onsale.waitingroom;

import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static org.awaitility.Awaitility.await;

import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.VisitorService;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.RoomStatus;
import dev.onsale.waitingroom.room.Rooms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** One node as it runs, with its loops and its consumers, the real clock, and a Redis database and a schema of its own. */
@SpringBootTest(
        classes = WaitingRoomApplication.class,
        properties = {
            "spring.data.redis.database=" + RunningRoom.DATABASE,
            "onsale.waiting-room.kafka-group=" + RunningRoom.GROUP,
            "onsale.waiting-room.waiting-max=" + RunningRoom.WAITING_MAX,
            "onsale.waiting-room.redis-timeout=PT0.5S",
            "onsale.waiting-room.lead-for=PT1S"
        })
public abstract class RunningRoom {

    public static final String GROUP = "running-room";
    public static final int DATABASE = 2;
    public static final int WAITING_MAX = 30_000;
    public static final TestDatabase SCHEMA = TestDatabase.fresh();

    public final SaleId sale = SaleId.of(UUID.randomUUID().toString());
    public final RoomKeys keys = new RoomKeys(sale);

    @Autowired
    public Rooms rooms;

    @Autowired
    public VisitorService visitors;

    @Autowired
    public Journal journal;

    @Autowired
    public StringRedisTemplate raw;

    @Autowired
    public RedisConnectionFactory connections;

    @DynamicPropertySource
    public static void services(DynamicPropertyRegistry properties) {
        properties.add("spring.data.redis.host", RealRedis::host);
        properties.add("spring.data.redis.port", RealRedis::port);
        properties.add("spring.datasource.url", SCHEMA::jdbcUrl);
        properties.add("spring.datasource.username", SCHEMA::user);
        properties.add("spring.datasource.password", SCHEMA::password);
        properties.add("spring.flyway.locations", () -> "classpath:db/migration/waiting-room");
        properties.add(
                "spring.kafka.bootstrap-servers", () -> TestServices.shared().kafkaBootstrapServers());
    }

    @AfterEach
    public void close() {
        rooms.delete(sale).onErrorComplete().block(BOUND);
    }

    public static RoomSettings settings(int activeLimit, int admitPerSecond, RoomSettings.Intake intake) {
        return new RoomSettings(
                activeLimit, admitPerSecond, null, null, null, null, null, null, null, null, intake, null);
    }

    public void pause() {
        RoomFixture.await(rooms.setControl(sale, RoomStatus.Control.PAUSED));
    }

    public RoomStatus status() {
        return RoomFixture.await(rooms.status(sale));
    }

    public long waiting() {
        Long waiting = raw.opsForZSet().zCard(keys.queue());
        return waiting == null ? 0 : waiting;
    }

    public List<String> queue() {
        Set<String> queue = raw.opsForZSet().range(keys.queue(), 0, -1);
        return queue == null ? List.of() : List.copyOf(queue);
    }

    public static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "buyer-" + i).toList();
    }

    /** Redis takes what is sent and answers nobody until then. */
    public void redisIsSilentFor(Duration time) {
        try (RedisConnection connection = connections.getConnection()) {
            connection.execute("CLIENT", bytes("PAUSE"), bytes(Long.toString(time.toMillis())), bytes("ALL"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Everything that happened, once it is written down. */
    public List<JournalEntry> journal() {
        await("the journal").atMost(BOUND).until(() -> status().journalBehind() == 0);
        List<JournalEntry> entries = new ArrayList<>();
        journal.read(sale.value(), entries::add);
        return entries;
    }

    public static List<String> buyers(List<JournalEntry> entries, Kind kind) {
        return entries.stream()
                .filter(entry -> entry.kind() == kind)
                .map(JournalEntry::buyer)
                .toList();
    }

    public static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", TestServices.shared().kafkaBootstrapServers()));
    }

    /** How many records of a topic the group has not done with. */
    public static long lag(Admin admin, String group, String topic) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(30, TimeUnit.SECONDS);
        long lag = 0;
        for (TopicPartition partition : partitions(admin, topic)) {
            ListOffsetsResultInfo end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get(30, TimeUnit.SECONDS);
            OffsetAndMetadata done = committed.get(partition);
            lag += end.offset() - (done == null ? 0 : done.offset());
        }
        return lag;
    }

    public static List<TopicPartition> partitions(Admin admin, String topic) throws Exception {
        var description = admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(topic);
        return description == null
                ? List.of()
                : description.partitions().stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList();
    }
}
