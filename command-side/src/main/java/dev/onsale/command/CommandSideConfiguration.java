package dev.onsale.command;

import dev.onsale.eventlog.EventLogConfiguration;
import dev.onsale.eventlog.tail.LogTailConfiguration;
import dev.onsale.platform.http.WebConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.context.annotation.Import;

/**
 * The command side. The process that imports it brings a {@code DataSource} with the migrations of
 * {@code db/migration/event-log}, a Redis, a Kafka and a {@code java.time.Clock}.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan(
        basePackageClasses = CommandSideConfiguration.class,
        nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
@Import({EventLogConfiguration.class, LogTailConfiguration.class, WebConfiguration.class})
@EnableConfigurationProperties(CommandSideProperties.class)
public class CommandSideConfiguration {}
