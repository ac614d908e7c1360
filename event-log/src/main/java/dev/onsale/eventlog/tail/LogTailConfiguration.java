package dev.onsale.eventlog.tail;

import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The tail of the log. Who reads it imports this. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LogTailSettings.class)
public class LogTailConfiguration {

    @Bean
    LogTail logTail(DataSource dataSource, Clock clock, LogTailSettings settings) {
        return new LogTail(dataSource, clock, settings.gapPatience());
    }
}
