package dev.onsale.standalone.monitoring;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/** Metrics of the services that Onsale uses. */
@Configuration(proxyBeanMethods = false)
public class MonitoringConfiguration {

    @Bean
    RedisMemory redisMemory(RedisConnectionFactory redis, MeterRegistry registry) {
        return new RedisMemory(redis, registry);
    }

    @Bean
    ConsumerGroupWatch consumerGroupWatch(
            KafkaProperties properties,
            KafkaConnectionDetails connection,
            ApplicationContext context,
            MeterRegistry registry) {
        return new ConsumerGroupWatch(
                () -> {
                    Map<String, Object> settings = new HashMap<>(properties.buildAdminProperties());
                    settings.put("bootstrap.servers", connection.getAdmin().getBootstrapServers());
                    return Admin.create(settings);
                },
                () -> groups(context),
                registry);
    }

    /** All consumers of the process, whichever side they belong to. */
    private static Map<String, Set<String>> groups(ApplicationContext context) {
        Map<String, Set<String>> groups = new HashMap<>();
        context.getBeansOfType(AbstractMessageListenerContainer.class).values().forEach(container -> {
            String group = container.getGroupId();
            String[] topics = container.getContainerProperties().getTopics();
            if (group != null && topics != null && container.isAutoStartup()) {
                groups.computeIfAbsent(group, absent -> new HashSet<>()).addAll(Arrays.asList(topics));
            }
        });
        return groups;
    }
}
