package dev.onsale.eventlog.ticket;

import dev.onsale.eventlog.personal.SecretSeal;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tickets of the database of the log. */
@Configuration(proxyBeanMethods = false)
public class TicketConfiguration {

    @Bean
    TicketKeys ticketKeys(DataSource dataSource, SecretSeal seal) {
        return new TicketKeys(JdbcClient.create(dataSource), seal);
    }
}
