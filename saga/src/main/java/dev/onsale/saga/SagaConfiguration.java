package dev.onsale.saga;

import dev.onsale.eventlog.EventLogConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.context.annotation.Import;

/**
 * The whole saga side. The host brings a {@code DataSource} with the migrations of {@code db/migration/event-log} and
 * {@code db/migration/saga}, a {@code java.time.Clock} and a {@code CommandGateway} that reaches the command side.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan(
        basePackageClasses = SagaConfiguration.class,
        nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
@EnableConfigurationProperties(SagaProperties.class)
@Import(EventLogConfiguration.class)
public class SagaConfiguration {}
