package dev.onsale.testsupport.containers;

import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.testsupport.TestServicesProvider;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.mysql.MySQLContainer;

/** MySQL 8, Redis 7 and Kafka in containers, configured like the embedded services. */
public final class ContainerServices implements TestServicesProvider {

    private static final String MYSQL_IMAGE = "mysql:8.4";
    private static final String REDIS_IMAGE = "redis:7.4";
    private static final String KAFKA_IMAGE = "apache/kafka:4.2.1";

    // The first start downloads the images.
    private static final int START_LIMIT_MINUTES = 10;

    private static final int REDIS_PORT = 6_379;
    private static final String DATABASE = "onsale";
    // Tests create their own databases; in MySQL's image only root may do that.
    private static final String USER = "root";
    private static final String PASSWORD = "onsale";

    @Override
    public String name() {
        return "testcontainers";
    }

    @Override
    @SuppressWarnings("resource") // The containers run until the JVM ends; then Testcontainers removes them.
    public EmbeddedAddresses start() {
        MySQLContainer mysql = new MySQLContainer(MYSQL_IMAGE)
                .withDatabaseName(DATABASE)
                .withUsername(USER)
                .withPassword(PASSWORD)
                .withCommand(
                        "--character-set-server=utf8mb4",
                        "--transaction-isolation=READ-COMMITTED",
                        "--default-time-zone=+00:00",
                        "--max-connections=300",
                        "--max-allowed-packet=64M");
        GenericContainer<?> redis = new GenericContainer<>(REDIS_IMAGE)
                .withExposedPorts(REDIS_PORT)
                .withCommand("redis-server", "--appendonly", "yes", "--maxmemory-policy", "noeviction");
        KafkaContainer kafka = new KafkaContainer(KAFKA_IMAGE).withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        Startables.deepStart(Stream.of(mysql, redis, kafka))
                .orTimeout(START_LIMIT_MINUTES, TimeUnit.MINUTES)
                .join();
        return new EmbeddedAddresses(
                EmbeddedAddresses.jdbcUrl(
                        mysql.getHost(), mysql.getMappedPort(MySQLContainer.MYSQL_PORT), DATABASE),
                USER,
                PASSWORD,
                redis.getHost(),
                redis.getMappedPort(REDIS_PORT),
                kafka.getBootstrapServers());
    }
}
