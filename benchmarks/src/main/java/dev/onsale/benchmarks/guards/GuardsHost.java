package dev.onsale.benchmarks.guards;

import dev.onsale.command.CommandSideConfiguration;
import dev.onsale.embedded.EmbeddedAddresses;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/** The whole command side with production settings and one of the strategies. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        excludeName = {
            "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
            "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration",
            "org.axonframework.springboot.autoconfig.JpaAutoConfiguration",
            "org.axonframework.springboot.autoconfig.JpaEventStoreAutoConfiguration"
        })
@Import(CommandSideConfiguration.class)
class GuardsHost {

    @Bean
    Clock clock() {
        return Clock.tickMillis(ZoneOffset.UTC);
    }

    @Bean
    ReactiveJwtDecoder noTokens() {
        return token -> Mono.error(new BadJwtException("the benchmark sends commands without HTTP"));
    }

    static ConfigurableApplicationContext start(EmbeddedAddresses services, String strategy) {
        Map<String, Object> defaults = new HashMap<>();
        defaults.put("spring.datasource.url", services.jdbcUrl());
        defaults.put("spring.datasource.username", services.jdbcUser());
        defaults.put("spring.datasource.password", services.jdbcPassword());
        defaults.put("spring.datasource.hikari.maximum-pool-size", "24");
        defaults.put("spring.data.redis.host", services.redisHost());
        defaults.put("spring.data.redis.port", services.redisPort());
        defaults.put("spring.kafka.bootstrap-servers", services.kafkaBootstrapServers());
        defaults.put("spring.flyway.locations", "classpath:db/migration/event-log,classpath:db/migration/command");
        defaults.put("spring.threads.virtual.enabled", "true");
        defaults.put("server.port", "0");
        defaults.put("management.server.port", "0");
        defaults.put("axon.axonserver.enabled", "false");
        defaults.put("axon.update-check.disabled", "true");
        defaults.put("axon.serializer.general", "jackson3");
        defaults.put("logging.level.root", "error");
        SpringApplication application = new SpringApplicationBuilder(GuardsHost.class).build();
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setDefaultProperties(defaults);
        // The settings of the standalone module are on the class path too and would override these.
        return application.run("--spring.config.name=guards-bench", "--onsale.command.guard.strategy=" + strategy);
    }
}
