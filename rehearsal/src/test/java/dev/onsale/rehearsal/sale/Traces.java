package dev.onsale.rehearsal.sale;

import dev.onsale.rehearsal.running.Onsale;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Searches all stores for words: every column of every table, every record of every topic, every Redis key and every
 * file.
 */
final class Traces {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final List<String> words;
    private final List<String> found = new ArrayList<>();
    private long looked;

    private Traces(List<String> words) {
        this.words = words;
    }

    /** The places where the words were found, as text. */
    static List<String> of(Onsale onsale, List<String> words) throws Exception {
        Traces traces = new Traces(words);
        try (Connection database = onsale.database().connect()) {
            traces.inTables(database);
        }
        traces.inKafka(onsale.kafka());
        traces.inRedis(onsale.redis());
        traces.inFiles(onsale.data());
        return traces.found;
    }

    private void look(String where, byte[] bytes) {
        looked++;
        String text = new String(bytes, StandardCharsets.UTF_8);
        words.stream().filter(text::contains).forEach(word -> found.add(word + " in " + where));
    }

    private void inTables(Connection database) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet names = database.getMetaData().getTables(database.getCatalog(), null, "%", null)) {
            while (names.next()) {
                tables.add(names.getString("TABLE_NAME"));
            }
        }
        for (String table : tables) {
            try (Statement statement = database.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT * FROM `" + table + "`")) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    for (int column = 1; column <= columns; column++) {
                        byte[] value = rows.getBytes(column);
                        if (value != null) {
                            look("table " + table + ", " + rows.getMetaData().getColumnName(column), value);
                        }
                    }
                }
            }
        }
        requireSomething("tables");
    }

    private void inKafka(String bootstrapServers) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = consumer.listTopics(PATIENCE).values().stream()
                    .flatMap(Collection::stream)
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all, PATIENCE);
            long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (all.stream()
                    .anyMatch(partition -> consumer.position(partition, PATIENCE) < ends.getOrDefault(partition, 0L))) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("Kafka could not be read to its end");
                }
                consumer.poll(Duration.ofMillis(500)).forEach(this::look);
            }
        }
        requireSomething("topics");
    }

    private void look(ConsumerRecord<byte[], byte[]> record) {
        String where = "topic " + record.topic() + " at " + record.offset();
        for (byte[] part : Stream.concat(
                        Stream.of(record.key(), record.value()),
                        Stream.of(record.headers().toArray()).map(header -> header.value()))
                .toList()) {
            if (part != null) {
                look(where, part);
            }
        }
    }

    private void inRedis(String uri) {
        RedisClient client = RedisClient.create(uri);
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            ScanIterator.scan(redis).forEachRemaining(key -> {
                look("Redis, a key", key.getBytes(StandardCharsets.UTF_8));
                String type = redis.type(key);
                Object content =
                        switch (type) {
                            case "string" -> redis.get(key);
                            case "hash" -> redis.hgetall(key);
                            case "list" -> redis.lrange(key, 0, -1);
                            case "set" -> redis.smembers(key);
                            case "zset" -> redis.zrangeWithScores(key, 0, -1);
                            case "stream" -> redis.xrange(key, io.lettuce.core.Range.unbounded());
                            // The key expired between the two commands.
                            case "none" -> "";
                            default -> throw new IllegalStateException("Unsupported type of Redis key: " + type);
                        };
                look("Redis, " + key, String.valueOf(content).getBytes(StandardCharsets.UTF_8));
            });
        } finally {
            client.shutdown(Duration.ZERO, PATIENCE);
        }
        requireSomething("keys of Redis");
    }

    /** Includes the log, which is in the data folder. */
    private void inFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                look(file.toString(), ByteBuffer.wrap(Files.readAllBytes(file)).array());
            }
        }
        requireSomething("files");
    }

    /** Fails if there was nothing to search, because the search would then prove nothing. */
    private void requireSomething(String what) {
        if (looked == 0) {
            throw new IllegalStateException("There are no " + what + " to search");
        }
        looked = 0;
    }
}
