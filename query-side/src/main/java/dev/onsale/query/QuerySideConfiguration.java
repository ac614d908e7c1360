package dev.onsale.query;

import dev.onsale.eventlog.personal.PersonalDataConfiguration;
import dev.onsale.eventlog.tail.LogTailConfiguration;
import dev.onsale.eventlog.ticket.TicketConfiguration;
import dev.onsale.platform.http.WebConfiguration;
import dev.onsale.proof.sealing.SealConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/**
 * All of the query side, for a process of its own or beside other sides. The application brings the {@link java.time.Clock},
 * one for all sides.
 */
@Configuration(proxyBeanMethods = false)
// Full names: another side in the same context may have a controller of the same simple name.
@ComponentScan(
        basePackageClasses = {QuerySideConfiguration.class, SealConfiguration.class},
        nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
@ConfigurationPropertiesScan(basePackageClasses = QuerySideConfiguration.class)
@EntityScan(basePackageClasses = QuerySideConfiguration.class)
@EnableJpaRepositories(
        basePackageClasses = QuerySideConfiguration.class,
        nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
@Import({WebConfiguration.class, PersonalDataConfiguration.class, TicketConfiguration.class, LogTailConfiguration.class
})
public class QuerySideConfiguration {}
