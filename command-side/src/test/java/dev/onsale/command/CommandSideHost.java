package dev.onsale.command;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.command.reservation.AdmissionGate;
import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/** The command side as a process of its own, on real services and a database of its own. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(CommandSideConfiguration.class)
public class CommandSideHost {

    public static final String INSIDE = "inside-";

    /** Nobody is inside any more. */
    public static final java.util.concurrent.atomic.AtomicBoolean ROOM_AWAY =
            new java.util.concurrent.atomic.AtomicBoolean();

    /** The ends of the holds that the waiting room was told of. */
    public static final Map<ReservationId, Instant> TOLD_HOLDS = new ConcurrentHashMap<>();

    private static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);

    /** In these tests a token is its subject, and who is called operator is one. */
    @Bean
    ReactiveJwtDecoder plainTokens() {
        return token -> Mono.just(Jwt.withTokenValue(token)
                .header("alg", "none")
                .subject(token)
                .claim("roles", token.equals("operator") ? List.of("operator") : List.of())
                .build());
    }

    /** In these tests the waiting room lets in whose name begins so, and fails whenever it is told of a hold. */
    @Bean
    AdmissionGate gate() {
        return new AdmissionGate() {
            @Override
            public CompletionStage<Boolean> isInside(PerformanceId sale, BuyerId buyer) {
                return CompletableFuture.completedStage(
                        !ROOM_AWAY.get() && buyer.value().startsWith(INSIDE));
            }

            @Override
            public CompletionStage<Void> held(
                    PerformanceId sale, BuyerId buyer, ReservationId reservation, Instant heldUntil) {
                TOLD_HOLDS.put(reservation, heldUntil);
                return CompletableFuture.failedStage(new IllegalStateException("The room does not answer"));
            }
        };
    }

    /** The first of several hosts to close would take the event loops of the others with it. */
    @Bean
    ReactorResourceFactory ownEventLoops() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        return resources;
    }

    /** For tests of what two nodes on one database do, where the lease is not the subject. */
    public static final String NO_NODE_LEASE = "--onsale.command.node-lease.enabled=false";

    public static ConfigurableApplicationContext start(TestDatabase database, String... properties) {
        return start(database, Clock.tickMillis(ZoneOffset.UTC), List.of(), properties);
    }

    /** With a clock of the test's own. */
    public static ConfigurableApplicationContext start(TestDatabase database, Clock clock, String... properties) {
        return start(database, clock, List.of(), properties);
    }

    /** With beans of a test beside those of the command side. */
    public static ConfigurableApplicationContext start(
            TestDatabase database, List<Class<?>> beside, String... properties) {
        return start(database, Clock.tickMillis(ZoneOffset.UTC), beside, properties);
    }

    private static ConfigurableApplicationContext start(
            TestDatabase database, Clock clock, List<Class<?>> beside, String... properties) {
        EmbeddedAddresses services = TestServices.shared();
        Map<String, Object> defaults = new HashMap<>();
        defaults.put("spring.datasource.url", database.jdbcUrl());
        defaults.put("spring.datasource.username", database.user());
        defaults.put("spring.datasource.password", database.password());
        defaults.put("spring.datasource.hikari.maximum-pool-size", "30");
        defaults.put("spring.data.redis.host", services.redisHost());
        defaults.put("spring.data.redis.port", services.redisPort());
        defaults.put("spring.data.redis.timeout", "2s");
        defaults.put("spring.kafka.bootstrap-servers", services.kafkaBootstrapServers());
        defaults.put("spring.flyway.locations", "classpath:db/migration/event-log,classpath:db/migration/command");
        defaults.put("spring.threads.virtual.enabled", "true");
        defaults.put("onsale.personal-data.master-key", MASTER_KEY);
        defaults.put("server.port", "0");
        defaults.put("axon.axonserver.enabled", "false");
        defaults.put("axon.update-check.disabled", "true");
        defaults.put("axon.serializer.general", "jackson3");
        defaults.put("logging.level.root", "warn");
        SpringApplication application = new SpringApplicationBuilder(CommandSideHost.class)
                .sources(beside.toArray(Class<?>[]::new))
                .build();
        application.setDefaultProperties(defaults);
        application.addInitializers(
                context -> ((GenericApplicationContext) context).registerBean("clock", Clock.class, () -> clock));
        return application.run(properties);
    }
}
