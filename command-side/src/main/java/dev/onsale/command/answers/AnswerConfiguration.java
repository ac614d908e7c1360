package dev.onsale.command.answers;

import dev.onsale.api.Ids;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** If it is switched off, only the aggregates recognise repeats. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "onsale.command.answers.enabled", matchIfMissing = true)
@EnableConfigurationProperties(AnswerProperties.class)
class AnswerConfiguration {

    @Bean(initMethod = "start")
    JdbcAnswerStore answerStore(
            DataSource dataSource, AnswerProperties properties, ObjectProvider<MeterRegistry> registry, Clock clock) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        jdbc.setQueryTimeout((int) properties.lookupPatience().plusSeconds(1).toSeconds());
        long node = Ids.timeOrdered().getLeastSignificantBits();
        return new JdbcAnswerStore(
                new AnswerTable(jdbc, node),
                properties,
                new AnswerMetrics(registry.getIfAvailable(SimpleMeterRegistry::new)),
                clock);
    }
}
