package dev.onsale.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Minimal clients of the three services. */
final class Clients {

    private static final int TIMEOUT_MILLIS = 20_000;

    private Clients() {}

    static void sql(EmbeddedAddresses addresses, String statement) throws SQLException {
        try (Connection connection = connect(addresses);
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    static List<String> query(EmbeddedAddresses addresses, String query) throws SQLException {
        try (Connection connection = connect(addresses);
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    private static Connection connect(EmbeddedAddresses addresses) throws SQLException {
        return DriverManager.getConnection(addresses.jdbcUrl(), addresses.jdbcUser(), addresses.jdbcPassword());
    }

    /** Sends one inline command and returns its one-line response. */
    static String redis(EmbeddedAddresses addresses, String command) throws IOException {
        try (var socket = new Socket(addresses.redisHost(), addresses.redisPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String first = answer.readLine();
            return first.startsWith("$") ? answer.readLine() : first.substring(1);
        }
    }

    static void createTopic(EmbeddedAddresses addresses, String topic) throws Exception {
        try (Admin admin = Admin.create(kafka(addresses))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                    .all()
                    .get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    static void produce(EmbeddedAddresses addresses, String topic, String value) throws Exception {
        try (var producer = new KafkaProducer<>(kafka(addresses), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "key", value)).get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Reads as a member of a group and commits, which requires the group coordinator and its topic. */
    static List<String> consume(EmbeddedAddresses addresses, String topic, String group, int count) {
        var settings = new HashMap<>(kafka(addresses));
        settings.put("group.id", group);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            var values = new ArrayList<String>();
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
            while (values.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> consumed : consumer.poll(Duration.ofMillis(100))) {
                    values.add(consumed.value());
                }
            }
            consumer.commitSync();
            return values;
        }
    }

    private static Map<String, Object> kafka(EmbeddedAddresses addresses) {
        return Map.of("bootstrap.servers", addresses.kafkaBootstrapServers());
    }
}
