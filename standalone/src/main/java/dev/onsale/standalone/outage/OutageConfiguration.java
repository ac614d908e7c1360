package dev.onsale.standalone.outage;

import ch.qos.logback.classic.LoggerContext;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Detects outages of the database, Redis and Kafka, and logs each once. */
@Configuration(proxyBeanMethods = false)
public class OutageConfiguration {

    private static final int ANSWER_SECONDS_MAX = 2;

    @Bean
    OutageWatch outageWatch(
            DataSource database, RedisConnectionFactory redis, KafkaProperties kafka, MeterRegistry registry) {
        Outages outages = new Outages(System::nanoTime);
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            outages.attachTo(context);
        }
        return new OutageWatch(
                outages,
                Map.of(
                        Service.DATABASE, () -> answers(database),
                        Service.REDIS, () -> answers(redis),
                        Service.KAFKA, () -> answers(kafka)),
                registry);
    }

    private static boolean answers(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return connection.isValid(ANSWER_SECONDS_MAX);
        }
    }

    private static boolean answers(RedisConnectionFactory redis) {
        try (RedisConnection connection = redis.getConnection()) {
            return connection.ping() != null;
        }
    }

    /** Asked anew each time, and only when it seems to be back: what it says meanwhile counts as a failure like any other. */
    private static boolean answers(KafkaProperties kafka)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, Object> settings = new HashMap<>(kafka.buildAdminProperties());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_SECONDS_MAX * 1_000);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_SECONDS_MAX * 1_000);
        try (Admin admin = Admin.create(settings)) {
            return !admin.describeCluster()
                    .nodes()
                    .get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
                    .isEmpty();
        }
    }
}
