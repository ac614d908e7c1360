package dev.onsale.embedded;

import java.util.List;
import java.util.Map;

/**
 * Addresses of the services, all on 127.0.0.1. A service that was not requested has an empty address and port 0.
 *
 * @param jdbcUrl URL for MySQL Connector/J with parameters, so that more can be appended with {@code &}
 * @param jdbcUser user with all privileges, including creating databases and users
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
    // Redis and Kafka require no password: all three services listen on the loopback address only.
    static final String USER = "onsale";
    static final String PASSWORD = "onsale";

    // allowPublicKeyRetrieval: without TLS, MySQL's default authentication plugin needs it. MariaDB's ignores it, so
    // the same URL works for both.
    private static final String JDBC_PARAMETERS =
            "sslMode=DISABLED&allowPublicKeyRetrieval=true&rewriteBatchedStatements=true&characterEncoding=UTF-8"
                    // Statements are parsed once, and the driver does not ask the server for what it has set itself.
                    + "&cachePrepStmts=true&prepStmtCacheSize=256&prepStmtCacheSqlLimit=2048&useLocalSessionState=true"
                    + "&connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true";

    /** The addresses as command-line arguments of a Spring Boot application. */
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

    /** A URL with the parameters that MySQL 8 and MariaDB need, for a server without TLS. */
    public static String jdbcUrl(String host, int port, String database) {
        return "jdbc:mysql://%s:%d/%s?%s".formatted(host, port, database, JDBC_PARAMETERS);
    }
}
