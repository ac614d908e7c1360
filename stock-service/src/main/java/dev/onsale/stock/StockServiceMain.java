package dev.onsale.stock;

import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.kafka.config.TopicBuilder;

/** Starts the service and prints its port. */
@SpringBootApplication
public class StockServiceMain {

    public static void main(String[] arguments) {
        ConfigurableApplicationContext context = SpringApplication.run(StockServiceMain.class, arguments);
        System.out.println(
                "Stock service is ready on port " + context.getEnvironment().getProperty("local.server.port"));
    }

    @Bean
    NewTopic coupons(@Value("${stock.topic}") String topic) {
        return TopicBuilder.name(topic).partitions(1).replicas(1).build();
    }

    @Bean
    @SuppressWarnings("rawtypes")
    RedisScript<List> issueScript() {
        return RedisScript.of(new ClassPathResource("issue.lua"), List.class);
    }
}
