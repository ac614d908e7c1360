package dev.onsale.saga.step;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What operators see of the steps. */
@Configuration(proxyBeanMethods = false)
class StepWatchConfiguration {

    @Bean
    StuckSteps stuckSteps(DataSource dataSource) {
        return new StuckSteps(JdbcClient.create(dataSource));
    }

    @Bean
    StepWatch stepWatch(
            StuckSteps stuckSteps,
            Clock clock,
            ObjectProvider<StepHandler<?>> handlers,
            ObjectProvider<MeterRegistry> registry) {
        return new StepWatch(
                stuckSteps,
                clock,
                handlers.stream().map(StepHandler::kind).toList(),
                registry.getIfAvailable(SimpleMeterRegistry::new));
    }
}
