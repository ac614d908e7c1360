package dev.onsale.query;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.Environment;

/** The query side in a process of its own that tests may kill; the arguments are properties. */
final class QuerySideProcess {

    private static final List<String> SHARED = List.of(
            "spring.datasource.url",
            "spring.datasource.username",
            "spring.datasource.password",
            "spring.flyway.locations",
            "spring.jpa.hibernate.ddl-auto",
            "spring.jpa.properties.hibernate.dialect",
            "spring.jpa.properties.hibernate.boot.allow_jdbc_metadata_access",
            "spring.data.redis.host",
            "spring.data.redis.port",
            "spring.kafka.bootstrap-servers",
            "onsale.seals.enabled",
            "onsale.personal-data.master-key",
            "spring.threads.virtual.enabled",
            "spring.main.web-application-type");

    private QuerySideProcess() {}

    public static void main(String[] properties) {
        SpringApplication.run(QuerySideApplication.class, properties);
    }

    /**
     * Beside the one of the tests, on the same services.
     *
     * @param port 0 for any
     */
    static Process start(Environment tests, int port, String... properties) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx300m",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                QuerySideProcess.class.getName(),
                "--server.port=" + port,
                "--onsale.read-models.concurrency=1",
                // A consumer that was killed is missed after six seconds.
                "--spring.kafka.consumer.properties.session.timeout.ms=6000",
                "--spring.kafka.consumer.properties.heartbeat.interval.ms=1000"));
        SHARED.forEach(property -> command.add("--" + property + "=" + tests.getRequiredProperty(property)));
        for (String property : properties) {
            command.add("--" + property);
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        Path.of("target", "other-process.log").toFile()))
                .start();
    }
}
