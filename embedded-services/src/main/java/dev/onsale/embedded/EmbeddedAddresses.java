package dev.onsale.embedded;

import java.util.List;
import java.util.Map;

/**
 * Where the services answer, all on 127.0.0.1. What was not asked for has an empty address and port 0.
 *
 * @param jdbcUrl for MySQL Connector/J, parameters included, so others may be appended with {@code &}
 * @param jdbcUser may do everything, new databases and users included
 * @param kafkaBootstrapServers one {@code host:port}
 */
public record EmbeddedAddresses(
        String jdbcUrl,
        String jdbcUser,
        String jdbcPassword,
        String redisHost,
        int redisPort,
        String kafkaBootstrapServers) {

    static final String HOST = "127.0.0.1";
    static final String DATABASE = "onsale";
    // Redis and Kafka ask for no password either: what keeps strangers out is that all three listen on the loopback
    // address alone.
    static final String USER = "onsale";
    static final String PASSWORD = "onsale";

    // allowPublicKeyRetrieval: without TLS, MySQL's own default login plugin needs it; MariaDB's ignores it, so one URL
    // shape fits both.
    private static final String JDBC_PARAMETERS =
            "sslMode=DISABLED&allowPublicKeyRetrieval=true&rewriteBatchedStatements=true&characterEncoding=UTF-8"
                    + "&connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true";

    /** The addresses as arguments of a Spring Boot application. */
    public List<String> springArguments() {
        return List.of(
                "--spring.datasource.url=" + jdbcUrl,
                "--spring.datasource.username=" + jdbcUser,
                "--spring.datasource.password=" + jdbcPassword,
                "--spring.data.redis.host=" + redisHost,
                "--spring.data.redis.port=" + redisPort,
                "--spring.kafka.bootstrap-servers=" + kafkaBootstrapServers);
    }

    static EmbeddedAddresses ofPorts(Map<Service, Integer> ports) {
        int mariaDbPort = ports.getOrDefault(Service.MARIADB, 0);
        int redisPort = ports.getOrDefault(Service.REDIS, 0);
        int kafkaPort = ports.getOrDefault(Service.KAFKA, 0);
        return new EmbeddedAddresses(
                mariaDbPort == 0 ? "" : jdbcUrl(HOST, mariaDbPort, DATABASE),
                mariaDbPort == 0 ? "" : USER,
                mariaDbPort == 0 ? "" : PASSWORD,
                redisPort == 0 ? "" : HOST,
                redisPort,
                kafkaPort == 0 ? "" : HOST + ":" + kafkaPort);
    }

    /** With the parameters that MySQL 8 and MariaDB both need, for a server that is reached without TLS. */
    public static String jdbcUrl(String host, int port, String database) {
        return "jdbc:mysql://%s:%d/%s?%s".formatted(host, port, database, JDBC_PARAMETERS);
    }
}
