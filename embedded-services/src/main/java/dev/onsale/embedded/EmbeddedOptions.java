package dev.onsale.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;

/**
 * The services to start and their settings.
 *
 * @param dataDirectory directory for data, logs, unpacked binaries and temporary files; created if missing; one
 *     instance at a time
 * @param mariaDbPort port of MariaDB; 0 for a free port, chosen at every start
 * @param startTimeout time limit for starting all services
 * @param freshData whether to delete the data of an earlier run, once this run holds the directory's lock
 */
public record EmbeddedOptions(
        Path dataDirectory,
        int mariaDbPort,
        int redisPort,
        int kafkaPort,
        boolean mariaDb,
        boolean redis,
        boolean kafka,
        Duration startTimeout,
        boolean freshData) {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final int PORT_MAX = 65_535;

    public EmbeddedOptions {
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        for (int port : new int[] {mariaDbPort, redisPort, kafkaPort}) {
            if (port < 0 || port > PORT_MAX) {
                throw new IllegalArgumentException("A port is between 1 and 65535, or 0 for a free one, not " + port);
            }
        }
        if (!startTimeout.isPositive()) {
            throw new IllegalArgumentException("startTimeout must be positive, not " + startTimeout);
        }
    }

    /** All three services on free ports. */
    public static EmbeddedOptions in(Path dataDirectory) {
        return new EmbeddedOptions(dataDirectory, 0, 0, 0, true, true, true, START_TIMEOUT, false);
    }

    public EmbeddedOptions withPorts(int newMariaDbPort, int newRedisPort, int newKafkaPort) {
        return new EmbeddedOptions(
                dataDirectory,
                newMariaDbPort,
                newRedisPort,
                newKafkaPort,
                mariaDb,
                redis,
                kafka,
                startTimeout,
                freshData);
    }

    /** Starts only these services. */
    public EmbeddedOptions only(Service first, Service... others) {
        var chosen = EnumSet.of(first, others);
        return new EmbeddedOptions(
                dataDirectory,
                mariaDbPort,
                redisPort,
                kafkaPort,
                chosen.contains(Service.MARIADB),
                chosen.contains(Service.REDIS),
                chosen.contains(Service.KAFKA),
                startTimeout,
                freshData);
    }

    public EmbeddedOptions withStartTimeout(Duration newStartTimeout) {
        return new EmbeddedOptions(
                dataDirectory, mariaDbPort, redisPort, kafkaPort, mariaDb, redis, kafka, newStartTimeout, freshData);
    }

    public EmbeddedOptions withFreshData() {
        return new EmbeddedOptions(
                dataDirectory, mariaDbPort, redisPort, kafkaPort, mariaDb, redis, kafka, startTimeout, true);
    }

    boolean wants(Service service) {
        return switch (service) {
            case MARIADB -> mariaDb;
            case REDIS -> redis;
            case KAFKA -> kafka;
        };
    }

    int port(Service service) {
        return switch (service) {
            case MARIADB -> mariaDbPort;
            case REDIS -> redisPort;
            case KAFKA -> kafkaPort;
        };
    }
}
