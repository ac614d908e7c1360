package dev.onsale.query;

import dev.onsale.api.BuyerId;
import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Base64;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The query side on a real database, Redis and Kafka, all test classes in one Spring context. */
@SpringBootTest(classes = QuerySideApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Tag("services")
abstract class QuerySideTest {

    static final String GROUP = "onsale-read-models";
    static final String STATISTICS = "onsale-statistics";

    private static final int ANSWER_BYTES_MAX = 1_000_000;

    private static final TestDatabase DATABASE = TestDatabase.fresh();

    static final Teller TELLER = teller();

    @LocalServerPort
    int port;

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    JdbcClient jdbc;

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    MeterRegistry meters;

    @SuppressWarnings("NullAway.Init") // Set before each test.
    WebTestClient http;

    private static Teller teller() {
        try {
            return new Teller();
        } catch (Exception e) {
            throw new IllegalStateException("The topics could not be created", e);
        }
    }

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry properties) {
        EmbeddedAddresses services = TestServices.shared();
        properties.add("spring.datasource.url", DATABASE::jdbcUrl);
        properties.add("spring.datasource.username", DATABASE::user);
        properties.add("spring.datasource.password", DATABASE::password);
        properties.add("spring.datasource.hikari.connection-timeout", () -> "2000");
        properties.add(
                "spring.flyway.locations",
                () -> "classpath:db/migration/event-log,classpath:db/migration/query,classpath:db/migration/proof");
        properties.add("spring.jpa.hibernate.ddl-auto", () -> "none");
        properties.add("spring.jpa.properties.hibernate.dialect", () -> "org.hibernate.dialect.MariaDBDialect");
        properties.add("spring.jpa.properties.hibernate.boot.allow_jdbc_metadata_access", () -> "false");
        properties.add("spring.data.redis.host", services::redisHost);
        properties.add("spring.data.redis.port", services::redisPort);
        properties.add("spring.kafka.bootstrap-servers", services::kafkaBootstrapServers);
        properties.add(
                "onsale.personal-data.master-key", () -> Base64.getEncoder().encodeToString(new byte[32]));
        properties.add("onsale.personal-data.keys-cached-for", () -> "PT0S");
        // These tests write the log anew, positions and all.
        properties.add("onsale.seals.enabled", () -> "false");
        properties.add("onsale.consistency.every", () -> "1s");
        properties.add("onsale.rebuild.missing-after", () -> "100ms");
        properties.add("spring.threads.virtual.enabled", () -> "true");
        properties.add("spring.main.web-application-type", () -> "reactive");
    }

    @BeforeEach
    void client() {
        http = WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofSeconds(20))
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(ANSWER_BYTES_MAX))
                .build();
    }

    WebTestClient as(BuyerId buyer) {
        return withToken(buyer.toString());
    }

    WebTestClient asOperator() {
        return withToken(QuerySideApplication.OPERATOR);
    }

    private WebTestClient withToken(String token) {
        return http.mutate()
                .defaultHeaders(headers -> headers.setBearerAuth(token))
                .build();
    }

    static ConditionFactory eventually(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    long count(String sql, Object... parameters) {
        return jdbc.sql(sql).params(parameters).query(Long.class).single();
    }

    double counter(String name, String... tags) {
        Counter counter = meters.find(name).tags(tags).counter();
        return counter == null ? 0 : counter.count();
    }

    /** Waits until the offsets of all that was told are committed, which comes after the rows. */
    void awaitConsumed() {
        eventually("the read models have committed every offset").until(() -> TELLER.lag(GROUP), lag -> lag == 0);
    }
}
