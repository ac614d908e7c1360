package dev.onsale.standalone.outage;

import dev.onsale.platform.failure.Causes;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A service that may be unavailable, and the patterns by which log events about that are recognised. */
enum Service {
    DATABASE(
            "The database",
            Pattern.compile(
                    "com\\.zaxxer\\.hikari|org\\.hibernate\\.orm\\.jdbc\\.error|org\\.hibernate\\.engine\\.jdbc"),
            Pattern.compile("SQLTransientConnection|SQLNonTransientConnection|SQLRecoverable|CannotGetJdbcConnection"
                    + "|JDBCConnectionException|CannotCreateTransaction|CommunicationsException|Communications link failure"
                    + "|SQLState: 08")),
    REDIS(
            "Redis",
            Pattern.compile("io\\.lettuce|org\\.redisson"),
            Pattern.compile(
                    "RedisConnection(Failure)?Exception|RedisCommandTimeoutException|io\\.lettuce\\.core\\.RedisException"
                            + "|Redis(Busy|Loading|ReadOnly)Exception|RedisTimeoutException|Redis command timed out|Redis is left alone|Cannot reconnect to")),
    KAFKA(
            "Kafka",
            Pattern.compile("org\\.apache\\.kafka|org\\.springframework\\.kafka"),
            Pattern.compile(
                    "kafka\\.common\\.errors\\.(Timeout|Disconnect|Network|Coordinator|NotCoordinator|NotLeader|Unknown"
                            + "Topic|BrokerNotAvailable|Retriable)|KafkaException: Send failed|could not be established|disconnected"
                            + "|Bootstrap broker|Connection to node"));

    final String title;
    private final Pattern loggers;
    private final Pattern signs;

    Service(String title, Pattern loggers, Pattern signs) {
        this.title = title;
        this.loggers = loggers;
        this.signs = signs;
    }

    /** The service whose unavailability caused a log event; {@code null} for all other events. */
    static @Nullable Service concerned(String logger, @Nullable String message, @Nullable Throwable failure) {
        for (Service service : values()) {
            if (service.isNamed(logger, message) || service.isCause(failure)) {
                return service;
            }
        }
        return null;
    }

    /** While a service is away, all warnings of its client library count as consequences of the outage. */
    boolean isLogger(String logger) {
        return loggers.matcher(logger).lookingAt();
    }

    private boolean isNamed(String logger, @Nullable String message) {
        // Words such as "disconnected" identify the service only in events of its client library.
        return message != null
                && (isLogger(logger) || message.contains("Exception") || message.contains("Redis"))
                && signs.matcher(message).find();
    }

    private boolean isCause(@Nullable Throwable failure) {
        return Causes.find(failure, cause -> signs.matcher(cause.getClass().getName())
                        .find())
                != null;
    }
}
