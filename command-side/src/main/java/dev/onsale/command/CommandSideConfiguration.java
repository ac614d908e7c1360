package dev.onsale.command;

import dev.onsale.eventlog.EventLogConfiguration;
import dev.onsale.web.WebConfiguration;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The command side, to be imported by a process that runs it. */
@Configuration(proxyBeanMethods = false)
@ComponentScan(basePackageClasses = CommandSideConfiguration.class)
@Import({EventLogConfiguration.class, WebConfiguration.class})
@EnableConfigurationProperties(CommandSideProperties.class)
public class CommandSideConfiguration {

    /** The one clock; milliseconds, because that is what the guard compares and what people read. */
    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.tickMillis(java.time.ZoneOffset.UTC);
    }
}
